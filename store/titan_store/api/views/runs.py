"""Agent runs in pages, and one run with its stages and files."""

from typing import Annotated

from aiohttp import web
from pydantic import Field, StringConstraints

from titan_api import names
from titan_api.times import format_time
from titan_store.api import keys
from titan_store.api.http.models import MicroTime, Model
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.values import RESOURCE as VALUES
from titan_store.api.views.artifacts import ArtifactItem, list_artifacts
from titan_store.api.views.documents import Counts, DagItem, DagPhase, JobItem, Page, to_dag, to_job
from titan_store.api.views.queries import NamespaceQuery, PhasesQuery, Text
from titan_store.auth.gate import need_of_kind
from titan_store.auth.identities import Attributes
from titan_store.auth.visibility import list_kind
from titan_store.errors import NotFound
from titan_store.views.pages import cut
from titan_store.views.stages import Run, count_iterations, group_runs

MOST_JOBS = 200


class RunsQuery(PhasesQuery, NamespaceQuery):
    """Which runs."""

    search: Text = ""
    """Part of a run's id or of a stage's name, in any case."""


class RunQuery(NoQuery):
    """One run."""

    run_id: Annotated[str, StringConstraints(min_length=1, max_length=253), Field(alias="id")]
    """Its id, as the user wrote it."""


class RunItem(Model):
    """A run in a list."""

    namespace: str
    run_id: str
    phase: DagPhase
    """Of the newest DAG that has not ended, else Failed or Cancelled if one is, else Succeeded."""
    create_time: MicroTime
    completion_time: MicroTime | None = None
    """When all its DAGs had ended."""
    stages: int
    counts: Counts
    waiting_approvals: int


class RunPage(Page):
    """A page of runs, the one whose newest DAG is youngest at the front."""

    items: list[RunItem]


class StageItem(Model):
    """A DAG of the run."""

    dag: DagItem
    iteration: int
    """How often a DAG of this display name has been submitted in the run, this one included."""
    jobs: list[JobItem]
    """At most 200, in the order of their creation; empty also for a viewer who may not list jobs."""
    job_count: int


class RunDetail(Model):
    """A run by itself."""

    run: RunItem
    stages: list[StageItem]
    """In the order in which they were submitted."""
    artifacts: list[ArtifactItem]
    """What its jobs published; empty also for a viewer who may not read values."""


@Declaration(
    "GET /v1/views/runs",
    "List agent runs of one namespace or of all that the viewer may see.",
    {200: Answer("A page.", Content(JSON, RunPage))},
    signed_in=True,
)
async def list_runs(call: Call[RunsQuery]) -> web.Response:
    """A page."""
    namespaces, query = await call.app[keys.VISIBILITY].of(call.caller.identity, call.query.namespace), call.query
    cache = await call.app[keys.VIEWS].ready()
    runs, phases = group_runs(cache.dags(namespaces), query.search), query.phases
    chosen = [run for run in runs if run.view.phase in phases] if phases else runs
    page = cut(chosen, lambda run: run.key, query.after, query.page_size, descending=True)
    return as_json(RunPage(items=list(map(_to_item, page.items)), total=page.total, following=page.following))


@Declaration(
    f"GET {BASE}/runs",
    "Read an agent run: its stages, their jobs, and the files that they published.",
    {200: Answer("The run.", Content(JSON, RunDetail))},
    need=need_of_kind(names.PLURAL_DAGS, "list"),
    refusals=((404, "RunNotFound"),),
)
async def get_run(call: Call[RunQuery]) -> web.Response:
    """One run."""
    cache, namespace, run_id = await call.app[keys.VIEWS].ready(), call.caller.namespace, call.query.run_id
    dags = [dag for dag in cache.dags(frozenset({namespace})) if dag.agent_run_id == run_id]
    if not dags:
        raise NotFound("RunNotFound", f"There is no agent run {run_id} in namespace {namespace}.")
    (run,) = group_runs(dags)
    sees_jobs = await call.app[keys.GATE].may(call.caller.identity, list_kind(names.KIND_JOB, namespace))
    stages = []
    for dag, iteration in zip(run.dags, count_iterations(run.dags), strict=True):
        jobs = cache.jobs_of(namespace, dag.name)
        shown = list(map(to_job, jobs[:MOST_JOBS])) if sees_jobs else []
        stages.append(StageItem(dag=to_dag(dag), iteration=iteration, jobs=shown, job_count=len(jobs)))
    return as_json(RunDetail(run=_to_item(run), stages=stages, artifacts=await _show_artifacts(call)))


async def _show_artifacts(call: Call[RunQuery]) -> list[ArtifactItem]:
    """A viewer who may see DAGs may not see values."""
    for verb in ("get", "list"):
        if not await call.app[keys.GATE].may(call.caller.identity, Attributes(VALUES, verb, call.caller.namespace)):
            return []
    return await list_artifacts(call.app, call.namespace, call.query.run_id, call.now)


def _to_item(run: Run) -> RunItem:
    view = run.view
    return RunItem.model_validate(
        {
            "namespace": run.namespace,
            "runID": run.run_id,
            "phase": view.phase,
            "createTime": run.dags[0].created,
            "completionTime": format_time(view.completed) if view.completed is not None else None,
            "stages": len(run.dags),
            "counts": run.counts,
            "waitingApprovals": sum(dag.waiting_approvals for dag in run.dags),
        }
    )


OPERATIONS = (list_runs, get_run)

"""Run again what failed or was cancelled in a DAG, by the same rule as the SDK's ``retry``."""

from aiohttp import web

from titan_api import names, retries
from titan_api.views import view_dag, view_job
from titan_store.api import keys
from titan_store.api.actions.edges import RACE, RACES, WHOLE_DAGS, acting_as, note
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_DAG, read_object
from titan_store.api.views.documents import DagItem, to_dag
from titan_store.auth.gate import need_of_kind
from titan_store.auth.identities import Attributes
from titan_store.cluster.edges import Actor
from titan_store.errors import Conflict
from titan_store.views.cached.readings import read_dag


@Declaration(
    f"POST {BASE}/dags/{{name}}/retry",
    "Run again what failed or was cancelled in a DAG; what succeeded stays as it is.",
    {200: Answer("The DAG now.", Content(JSON, DagItem))},
    need=need_of_kind(names.PLURAL_DAGS, "patch"),
    refusals=(NO_DAG, (409, "NothingToRetry"), RACE),
)
async def retry_dag(call: Call[NoQuery]) -> web.Response:
    """Ask for the next run. Simultaneous requests for the same retry get the same run."""
    actor, namespace, name = acting_as(call, None), call.caller.namespace, call.name
    wanted: int | None = None
    for _ in range(RACES):
        raw = await read_object(call, actor, names.KIND_DAG)
        run = retries.current_run(raw)
        if retries.is_waiting(raw) or (wanted is not None and run >= wanted):
            return as_json(to_dag(read_dag(raw)))
        obstacle = retries.find_obstacle(view_dag(raw))
        if obstacle is not None:
            raise Conflict("NothingToRetry", f"{obstacle[0].upper()}{obstacle[1:]}.")
        if wanted is None:
            await _take_cancels_back(call, actor, name)
        wanted = run + 1
        written = await actor.change(names.KIND_DAG, namespace, name, retries.start_run(raw, wanted))
        if written is not None:
            note(call, f"retried the DAG {namespace}/{name} (run {wanted})")
            return as_json(to_dag(read_dag(written)))
    raise Conflict("Conflict", f"The DAG {name} is being changed by too many callers at once; try again.")


async def _take_cancels_back(call: Call[NoQuery], actor: Actor, dag: str) -> None:
    """A retry writes to jobs, so it needs the right to them. Raises Forbidden before anything is written."""
    namespace = call.caller.namespace
    async with call.app[WHOLE_DAGS]:
        cancelled = retries.cancels_to_undo(map(view_job, await actor.jobs_of(namespace, dag)))
    if cancelled:
        patch_jobs = Attributes(names.PLURAL_JOBS, "patch", namespace, names.GROUP)
        await call.app[keys.GATE].require(call.caller.identity, patch_jobs)
    for name in cancelled:
        await actor.change(names.KIND_JOB, namespace, name, dict(retries.CANCEL_TAKEN_BACK))


OPERATIONS = (retry_dag,)

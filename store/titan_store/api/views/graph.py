"""A DAG's graph for people: thousands of jobs as few nodes, some of them opened."""

from collections.abc import Sequence
from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field, StringConstraints

from titan_store.api import keys
from titan_store.api.http.models import Model
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, to_json
from titan_store.api.http.parameters import NoQuery
from titan_store.api.objects import NO_DAG
from titan_store.api.views.dags import LIST_JOBS, find_dag
from titan_store.api.views.documents import Counts, JobItem, JobPhase, to_job
from titan_store.views.cached.records import JobRecord
from titan_store.views.graph.foldings import Fold
from titan_store.views.graph.shapes import Shape, ShownNode, opens
from titan_store.views.graph.states import NodeState, find_states


class GraphQuery(NoQuery):
    """What to open."""

    opened: Annotated[str, StringConstraints(max_length=16_384), Field(alias="open")] = ""
    """Ids of folds whose members to show, separated by commas; unknown ones are ignored."""

    @property
    def folds(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(filter(None, self.opened.split(",")))


class GraphNode(Model):
    """A job, or many as one node."""

    id: str
    """``job:`` and the job's id, or that of a fold; stays the same while jobs are added."""
    kind: Literal["Job", "FanOut", "Chain", "Band"]
    label: str
    parents: list[str]
    """Ids of the nodes before it."""
    phase: JobPhase
    """For a fold the one that matters most, in this order: Failed, Running, Serving, Pending, Cancelled, Succeeded."""
    size: int
    """Jobs in it."""
    counts: Counts | None = None
    """Of folds: jobs by phase, without zeros."""
    job: JobItem | None = None
    """Of jobs."""
    group: str | None = None
    """The opened fold that it is a direct member of."""
    opens: bool
    """Whether it can be opened in the graph."""


class GraphAnswer(Model):
    """A graph, at most 250 nodes and what was opened."""

    shape: str
    """Differs whenever nodes or their parents differ; states may change without it."""
    jobs: int
    nodes: list[GraphNode]


@Declaration(
    f"GET {BASE}/dags/{{name}}/graph",
    "Read the graph of a DAG: fan-outs, chains and, in the biggest graphs, bands of levels are folded into one node.",
    {200: Answer("The graph.", Content(JSON, GraphAnswer))},
    need=LIST_JOBS,
    refusals=(NO_DAG,),
)
async def get_graph_of_dag(call: Call[GraphQuery]) -> web.Response:
    """The shape as it was computed for these jobs, and their states now."""
    cache, dag = await find_dag(call)
    graphs, folds, jobs = call.app[keys.GRAPHS].of(cache), call.query.folds, cache.jobs_of(dag.namespace, dag.name)
    shape = (await graphs.of(dag.uid, jobs)).shape(folds)
    return web.Response(body=graphs.write(dag.uid, folds, jobs, lambda: _render(shape, jobs)), content_type=JSON)


def _render(shape: Shape, jobs: Sequence[JobRecord]) -> bytes:
    states = find_states(shape, [job.phase for job in jobs])
    nodes = [_to_node(shape, shown, state, jobs) for shown, state in zip(shape.nodes, states, strict=True)]
    return to_json(GraphAnswer(shape=shape.digest, jobs=len(jobs), nodes=nodes))


def _to_node(shape: Shape, shown: ShownNode, state: NodeState, jobs: Sequence[JobRecord]) -> GraphNode:
    part = shown.part
    common = {
        "id": shown.id,
        "parents": [shape.nodes[parent].id for parent in shown.parents],
        "phase": state.phase,
        "group": shown.group,
    }
    if isinstance(part, Fold):
        own = {"kind": part.kind, "label": part.label, "size": len(part.places), "opens": opens(part)}
        return GraphNode.model_validate(common | own | {"counts": state.counts})
    job = jobs[part]
    return GraphNode.model_validate(
        common | {"kind": "Job", "label": job.job_id, "size": 1, "opens": False, "job": to_job(job)}
    )


OPERATIONS = (get_graph_of_dag,)

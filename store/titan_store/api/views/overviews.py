"""What goes on, on one page: what runs, what waits for somebody, what failed lately, how much room there is."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice

from aiohttp import web

from titan_api import names
from titan_api.profiles import Profile
from titan_store.api import keys
from titan_store.api.gates.documents import GateItem
from titan_store.api.gates.items import show_gates
from titan_store.api.http.models import Model
from titan_store.api.http.operations import JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.views.documents import DagItem, JobItem, to_dag, to_job
from titan_store.api.views.queries import NamespaceQuery
from titan_store.auth.visibility import Sight
from titan_store.views.cached.cache import Cache
from titan_store.views.capacities import measure
from titan_store.views.listings import count_phases, longest_waiting, newest_failures
from titan_store.views.memos import Kept, Memo
from titan_store.views.queues import lacks_room, line_up

MOST_RUNNING, MOST_FAILED, MOST_GATES, MOST_QUEUED = 50, 10, 50, 50


class PhaseCounts(Model):
    """DAGs by phase."""

    pending: int
    running: int
    succeeded: int
    failed: int
    cancelled: int


class CapacityItem(Model):
    """The room for one requirement."""

    requirement: str
    running: int
    waiting: int
    """Jobs that could start now if there were room."""
    nodes: int
    """Nodes that may take such jobs."""
    places: int | None = None
    """How many such jobs these nodes hold; absent where nothing limits them."""


class Overview(Model):
    """What goes on."""

    counts: PhaseCounts
    running: list[DagItem]
    """The newest first."""
    gates: list[GateItem]
    """Those that wait, the oldest first."""
    failed: list[DagItem]
    """Those that failed last."""
    capacity: list[CapacityItem]
    queue: list[JobItem]
    """In the order in which they will start."""
    queue_length: int


OVERVIEWS: web.AppKey[Kept[Memo[Overview]]] = web.AppKey("overviews")
"""What was computed for this version of the cluster: twenty viewers ask for the same at the same time."""


@Declaration(
    "GET /v1/views/overview",
    "What runs, what waits for somebody, what failed lately, and how much room there is.",
    {200: Answer("The overview.", Content(JSON, Overview))},
    signed_in=True,
)
async def get_overview(call: Call[NamespaceQuery]) -> web.Response:
    """Send all of it at once, so that the page is consistent; only the gates differ by viewer."""
    sight = await call.app[keys.VISIBILITY].of_all_kinds(call.caller.identity, call.query.namespace)
    cache, profiles, now = await call.app[keys.VIEWS].ready(), call.app[keys.SETTINGS].profiles, call.now
    memo, seen = call.app[OVERVIEWS].of(cache), (sight[names.KIND_DAG], sight[names.KIND_JOB])
    overview = memo.get(cache.version, seen, lambda: make_overview(cache, sight, profiles, now))
    waiting = [gate.raw for gate in longest_waiting(cache.gates(sight[names.KIND_APPROVAL]))[:MOST_GATES]]
    gates = await show_gates(call.app, call.caller.identity, waiting)
    return as_json(overview.model_copy(update={"gates": gates}))


def make_overview(cache: Cache, sight: Sight, profiles: Mapping[str, Profile], now: datetime) -> Overview:
    """What all viewers who may see the same DAGs and jobs see: everything but the gates."""
    dags, opened = cache.dags(sight[names.KIND_DAG]), list(cache.open_jobs(sight[names.KIND_JOB]))
    queue = line_up(opened, cache.dag, now)
    room = measure(cache.nodes(), opened, filter(lacks_room, queue), profiles)
    running = (dag for dag in dags if dag.phase == "Running")
    return Overview(
        counts=PhaseCounts.model_validate(count_phases(dags)),
        running=list(map(to_dag, islice(running, MOST_RUNNING))),
        gates=[],
        failed=list(map(to_dag, newest_failures(dags, MOST_FAILED))),
        capacity=[CapacityItem.model_validate(vars(found)) for found in room],
        queue=list(map(to_job, queue[:MOST_QUEUED])),
        queue_length=len(queue),
    )


OPERATIONS = (get_overview,)

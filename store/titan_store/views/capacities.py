"""How much room the cluster has for each requirement: pure functions of nodes, jobs and profiles.

Only what a profile asks for is counted, and the pods that a node takes; what single jobs ask for beyond it is not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from titan_api.profiles import Profile, Toleration, find_profile
from titan_api.quantities import QuantityError, parse_quantity
from titan_store.views.cached.records import ACTIVE_PHASES, JobRecord, NodeRecord, Taint

PODS = "pods"
REFUSING_EFFECTS = frozenset({"NoSchedule", "NoExecute"})


@dataclass(frozen=True)
class Capacity:
    """Of one requirement."""

    requirement: str
    running: int
    waiting: int
    nodes: int
    """That may take such jobs."""
    places: int | None
    """How many such jobs they hold; None: nothing limits them."""


def measure(
    nodes: Sequence[NodeRecord],
    open_jobs: Iterable[JobRecord],
    waiting: Iterable[JobRecord],
    profiles: Mapping[str, Profile],
) -> list[Capacity]:
    """The capacity of each profile, and of every other requirement that some job has now."""
    running = Counter(job.requirement for job in open_jobs if job.phase in ACTIVE_PHASES)
    queued = Counter(job.requirement for job in waiting)
    others = sorted({*running, *queued} - {*profiles})
    return [
        _measure_one(requirement, nodes, running[requirement], queued[requirement], find_profile(requirement, profiles))
        for requirement in (*profiles, *others)
    ]


def _measure_one(
    requirement: str, nodes: Sequence[NodeRecord], running: int, waiting: int, profile: Profile | None
) -> Capacity:
    fitting = [node for node in nodes if profile is not None and takes(node, profile)]
    places = [count_places(node, profile) for node in fitting] if profile else []
    limited = [place for place in places if place is not None]
    total = sum(limited) if len(limited) == len(places) else None
    return Capacity(requirement, running, waiting, len(fitting), total)


def takes(node: NodeRecord, profile: Profile) -> bool:
    """Whether a pod of the profile may run there, if there is room."""
    if not node.is_ready or node.is_cordoned:
        return False
    if any(node.labels.get(label) != value for label, value in profile.node_selector.items()):
        return False
    refusing = (taint for taint in node.taints if taint.effect in REFUSING_EFFECTS)
    if not all(any(_tolerates(toleration, taint) for toleration in profile.tolerations) for taint in refusing):
        return False
    return count_places(node, profile) != 0


def count_places(node: NodeRecord, profile: Profile) -> int | None:
    """How many pods of the profile the scarcest resource of the empty node holds; None: nothing limits them."""
    wanted = {**profile.resources, PODS: "1"} if PODS in node.allocatable else dict(profile.resources)
    amounts = {name: read_amount(amount) for name, amount in wanted.items()}
    limits = [
        int(read_amount(node.allocatable.get(name, "0")) // amount) for name, amount in amounts.items() if amount > 0
    ]
    return min(limits, default=None)


def read_amount(text: str) -> Decimal:
    """The number that a quantity stands for; zero for what is none, so nothing fits on it."""
    try:
        return max(parse_quantity(text), Decimal(0))
    except QuantityError:
        return Decimal(0)


def _tolerates(toleration: Toleration, taint: Taint) -> bool:
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.operator == "Exists":
        return toleration.key in ("", taint.key)
    return (toleration.key, toleration.value) == (taint.key, taint.value)

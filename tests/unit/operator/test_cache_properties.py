"""Whatever sequence of events comes, the counters that the cache moves along equal a count from scratch."""

from collections import Counter
from typing import Any

from builders.operators.clocks import VirtualClock
from builders.operators.raw import raw_approval, raw_dag, raw_job, raw_pod, stored
from hypothesis import given, settings
from hypothesis import strategies as st
from titan_operator.records import ApprovalRecord, JobRecord, Key, PodRecord
from titan_operator.state.cache import Cache

from titan_api import names
from titan_api.parents import Standing

Event = tuple[str, dict[str, Any], bool]
Move = tuple[str, str, str | None, int, int, bool]

JOB_IDS = ("a", "b", "c", "e")
PARENTS = {"a": (), "b": ("a",), "c": ("a", "b"), "e": ("a", "nobody")}
OWNERS = (None, "u-d1", "u-d1", "u-d2")
PHASES = ("Pending", "Running", "Succeeded", "Failed", "Cancelled")
VERDICTS = ("Scheduled", "Pending", "Approved", "Rejected", "TimedOut")
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["dag", "job", "job", "job", "pod", "gate"]),
        st.sampled_from(JOB_IDS),
        st.sampled_from(OWNERS),
        st.integers(0, 4),
        st.integers(1, 30),
        st.booleans(),
    ),
    max_size=40,
)
"""What kind of object, of which job and owner, in which phase or attempt, at which version, and whether it is gone."""


def an_event(kind: str, job_id: str, owner: str | None, number: int, version: int, deleted: bool) -> Event:
    job = a_job_state(job_id, owner, number, version)
    uid = job["metadata"]["uid"]
    match kind:
        case "dag":
            raw = stored(raw_dag("d", 4, maxParallel=9), uid=owner or "u-d1", version=version, run=number)
            return names.KIND_DAG, raw, deleted
        case "job":
            return names.KIND_JOB, job, deleted
        case "pod":
            attempt = number % 2 + 1
            raw = stored(raw_pod(job, attempt), uid=f"p-{uid}-{attempt}", version=version, phase=PHASES[number % 3])
            return "Pod", raw, deleted
        case _:
            raw = stored(raw_approval(job, "d"), uid=f"g-{uid}", version=version, phase=VERDICTS[number])
            return names.KIND_APPROVAL, raw, deleted


def a_job_state(job_id: str, owner: str | None, number: int, version: int) -> dict[str, Any]:
    gate = {"approval": {"message": "look"}} if job_id == "b" else {}
    raw = raw_job("d", job_id, PARENTS[job_id], owner, **gate)
    status: dict[str, Any] = {"phase": PHASES[number], "run": version % 3}
    if status["phase"] == "Succeeded":
        status["completionTime"] = f"2026-01-02T03:04:0{JOB_IDS.index(job_id)}Z"
        if gate:
            status["approval"] = VERDICTS[version % 5]
    return stored(raw, uid=f"u-{job_id}-{owner}", version=version, **status)


DAG = Key(names.KIND_DAG, "default", "d")


def check_sums(cache: Cache) -> list[JobRecord]:
    counted = cache.indexes.dag_counts(DAG)
    jobs = [record for record in cache.records() if isinstance(record, JobRecord)]
    members = [job for job in jobs if counted.dag_uid is None or job.meta.owner_uid in (None, counted.dag_uid)]
    gates = [record for record in cache.records() if isinstance(record, ApprovalRecord)]
    assert set(counted.members) == {job.meta.name for job in members}
    again = [job for job in members if job.awaits_rerun(counted.run)]
    rest = [job for job in members if job not in again]
    counts = Counter(job.status.phase.lower() for job in rest)
    counts.update("succeeded" if job.status.phase == "Succeeded" else "pending" for job in again)
    assert dict(counted.by_phase) == dict(counts)
    assert counted.settled == sum(job.is_settled for job in rest)
    assert counted.stopped == sum(job.is_settled and job.stops_children for job in rest)
    dag = cache.dag(DAG)
    assert dag is None or counted.run == dag.status.run
    assert len(counted.open_gates) == sum(gate.status.phase == "Pending" for gate in gates)
    return members


def check_dependencies(cache: Cache, members: list[JobRecord]) -> None:
    by_id = {job.job_id: job for job in members}
    for job in members:
        parent_counts = cache.indexes.dependencies.parent_counts(job.key)
        parents = [by_id.get(reference.job_id) for reference in job.parents]
        assert parent_counts.unmet == sum(parent is None or not parent.lets_children_go for parent in parents)
        departed = [place for place, standing in parent_counts.culprits.items() if standing is Standing.DEPARTED]
        assert len(parent_counts.absent) + len(departed) == sum(parent is None for parent in parents)
        run = cache.indexes.dag_counts(DAG).run
        stopped = sum(
            parent is not None and parent.stops_children and not parent.awaits_rerun(run) for parent in parents
        )
        assert len(parent_counts.culprits) - len(departed) == stopped
        if parent_counts.unmet == 0:
            assert parent_counts.latest == max(
                (p.status.completed for p in parents if p and p.status.completed), default=None
            )


def check_belongings(cache: Cache, members: list[JobRecord]) -> None:
    pods = [record for record in cache.records() if isinstance(record, PodRecord)]
    uids = {job.meta.uid for job in members}
    living = sum(pod.job_uid in uids and not pod.has_ended for pod in pods)
    assert cache.indexes.dag_counts(DAG).parallel_limit.taken == living
    for job in members:
        own = sorted((pod for pod in pods if pod.job_uid == job.meta.uid), key=lambda pod: pod.attempt)
        assert list(cache.indexes.pods(job.meta.uid)) == own
        assert cache.indexes.job(job.meta.uid) is job


@settings(max_examples=250, deadline=None)
@given(MOVES)
def test_counters_equal_a_count_from_scratch_after_every_event(moves: list[Move]) -> None:
    cache = Cache(VirtualClock().now)
    for kind, raw, deleted in (an_event(*move) for move in moves):
        cache.apply(kind, raw, deleted=deleted)
        members = check_sums(cache)
        check_dependencies(cache, members)
        check_belongings(cache, members)


@settings(max_examples=100, deadline=None)
@given(MOVES)
def test_after_everything_is_deleted_nothing_is_left(moves: list[Move]) -> None:
    cache = Cache(VirtualClock().now)
    for kind, raw, deleted in (an_event(*move) for move in moves):
        cache.apply(kind, raw, deleted=deleted)
    for record in list(cache.records()):
        cache.remove(record.key, record.meta.uid)
    assert cache.indexes.is_empty
    assert len(cache.expectations) == 0


@settings(max_examples=100, deadline=None)
@given(MOVES, st.randoms())
def test_the_order_and_the_repetition_of_undeleted_states_do_not_matter(moves: list[Move], random: Any) -> None:
    """Of objects that were never deleted and made again: there the newer version alone decides."""
    events = [an_event(kind, job_id, "u-d1", *rest) for kind, job_id, _, *rest in moves]
    states = {
        (kind, raw["metadata"]["uid"], raw["metadata"]["resourceVersion"]): (kind, raw) for kind, raw, _ in events
    }
    one, other = list(states.values()), [*states.values(), *states.values()]
    random.shuffle(other)
    caches = []
    for order in (one, other):
        cache = Cache(VirtualClock().now)
        for kind, raw in order:
            cache.apply(kind, raw)
        caches.append({record.key: record.meta.resource_version for record in cache.records()})
    assert caches[0] == caches[1]

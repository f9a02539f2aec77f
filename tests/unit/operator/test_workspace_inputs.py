"""Whose files a job finds: what its pass sees of its parents' winning attempts."""

from builders.operators.clocks import VirtualClock
from builders.operators.raw import raw_job, stored
from builders.operators.records import NOW, SETTINGS
from titan_operator.observe import observe_job
from titan_operator.plan.observed import ParentsView
from titan_operator.records import Key, ParentOutcome, WorkspaceInput
from titan_operator.state.cache import Cache

from titan_api import names

CONTAINER = {"container": {"image": "postgres"}}


def a_cache(*jobs: tuple[str, tuple[str, ...], dict[str, object]]) -> Cache:
    """Jobs of one DAG that have succeeded in their second attempts: id, parents, and more of the spec."""
    cache = Cache(VirtualClock().now)
    for version, (job_id, parents, spec) in enumerate(jobs, 1):
        serves = spec.get("type") == "Service"
        status = {"phase": "Serving" if serves else "Succeeded", "attempt": 2}
        raw = raw_job("d", job_id, parents, "u-d", **spec)
        cache.apply(names.KIND_JOB, stored(raw, uid=f"u-{job_id}", version=version, **status))
    return cache


def view(cache: Cache, *parents: str, **spec: object) -> ParentsView:
    """What the job z sees of its parents."""
    cache.apply(names.KIND_JOB, stored(raw_job("d", "z", parents, "u-d", **spec), uid="u-z", version=50))
    seen = observe_job(cache, Key(names.KIND_JOB, "default", "d-z"), SETTINGS, NOW, {})
    assert seen is not None
    return seen.parents


def test_parents_are_named_by_uid_and_winning_attempt() -> None:
    cache = a_cache(("a", (), {}), ("b", (), {}))
    assert view(cache, "a", "b").inputs == (WorkspaceInput("u-a", 2), WorkspaceInput("u-b", 2))


def test_nobody_is_named_before_all_parents_are_done() -> None:
    assert view(a_cache(("a", (), {})), "a", "b").inputs == ()


def test_grandparents_are_the_store_s_business() -> None:
    assert view(a_cache(("a", (), {}), ("b", ("a",), {})), "b").inputs == (WorkspaceInput("u-b", 2),)


def test_parents_that_leave_no_files_are_replaced_by_their_own() -> None:
    cache = a_cache(
        ("a", (), {}),
        ("b", (), {}),
        ("plain", ("a",), {"source": CONTAINER}),
        ("plainer", ("plain", "b"), {"source": CONTAINER}),
        ("service", ("b",), {"type": "Service", "port": 80}),
    )
    assert set(view(cache, "plainer", "service").inputs) == {WorkspaceInput("u-a", 2), WorkspaceInput("u-b", 2)}


def test_a_ladder_of_containers_is_climbed_once() -> None:
    """Sixty levels with two jobs each have 2^60 paths."""
    jobs: list[tuple[str, tuple[str, ...], dict[str, object]]] = [("a", (), {})]
    parents: tuple[str, ...] = ("a",)
    for level in range(60):
        jobs += [(f"left{level}", parents, {"source": CONTAINER}), (f"right{level}", parents, {"source": CONTAINER})]
        parents = (f"left{level}", f"right{level}")
    assert view(a_cache(*jobs), *parents).inputs == (WorkspaceInput("u-a", 2),)


def of_an_earlier_dag(cache: Cache, job_id: str, parents: tuple[str, ...] = (), **spec: object) -> None:
    raw = raw_job("e", job_id, parents, "u-e", **spec)
    cache.apply(names.KIND_JOB, stored(raw, uid=f"u-{job_id}", version=60, phase="Succeeded", attempt=3))


def waiting(cache: Cache, parent: str, **status: object) -> ParentsView:
    """What z sees, which waits for a job of an earlier DAG and one that is not there."""
    child = raw_job("d", "z", (), "u-d")
    child["spec"]["parents"] = [{"jobID": parent, "name": f"e-{parent}", "uid": f"u-{parent}"}, {"jobID": "later"}]
    cache.apply(names.KIND_JOB, stored(child, uid="u-z", version=70 + len(status), **status))
    seen = observe_job(cache, Key(names.KIND_JOB, "default", "d-z"), SETTINGS, NOW, {})
    assert seen is not None
    return seen.parents


def test_what_is_copied_of_a_parent_of_an_earlier_dag_says_whose_files_it_left() -> None:
    cache = Cache(VirtualClock().now)
    of_an_earlier_dag(cache, "x")
    assert waiting(cache, "x").outcomes_to_copy == (ParentOutcome("x", None, None, (WorkspaceInput("u-x", 3),)),)


def test_what_is_copied_of_a_container_says_whose_files_it_had_found() -> None:
    cache = Cache(VirtualClock().now)
    of_an_earlier_dag(cache, "x")
    of_an_earlier_dag(cache, "plain", ("x",), source=CONTAINER)
    assert [news.inputs for news in waiting(cache, "plain").outcomes_to_copy] == [(WorkspaceInput("u-x", 3),)]


def test_what_was_copied_counts_when_the_parent_is_gone() -> None:
    cache = Cache(VirtualClock().now)
    cache.apply(
        names.KIND_JOB, stored(raw_job("d", "later", (), "u-d"), uid="u-l", version=9, phase="Succeeded", attempt=1)
    )
    copied = [{"jobID": "x", "inputs": [{"job": "u-x", "attempt": 3}]}]
    assert set(waiting(cache, "x", parentOutcomes=copied).inputs) == {
        WorkspaceInput("u-x", 3),
        WorkspaceInput("u-l", 1),
    }

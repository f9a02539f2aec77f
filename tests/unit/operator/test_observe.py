"""What a pass sees of a job's parents."""

from builders.operators.clocks import VirtualClock
from builders.operators.raw import raw_dag, raw_job, raw_pod, stored
from builders.operators.records import NOW, SETTINGS
from titan_operator.observe import is_behind, observe_job
from titan_operator.plan.observed import Culprit, ObservedJob, ParentsView
from titan_operator.records import Key
from titan_operator.state.cache import Cache

from titan_api import names

KEY = Key(names.KIND_JOB, "default", "d-z")


def a_cache(*parents: str, sealed: int = 0, count: int | None = 5, **spec: object) -> Cache:
    """A DAG with the job z, whose parents have not arrived."""
    cache = Cache(VirtualClock().now)
    cache.apply(names.KIND_DAG, stored(raw_dag("d", count), uid="u-d", version=1, sealedJobCount=sealed))
    cache.apply(names.KIND_JOB, stored(raw_job("d", "z", parents, "u-d", **spec), uid="u-z", version=1))
    return cache


def parent(job_id: str, version: int = 2, **status: object) -> dict[str, object]:
    return stored(raw_job("d", job_id, (), "u-d"), uid=f"u-{job_id}", version=version, **status)


def see(cache: Cache) -> ObservedJob:
    seen = observe_job(cache, KEY, SETTINGS, NOW, {})
    assert seen is not None
    return seen


def test_a_job_without_parents_waits_for_nobody() -> None:
    assert see(a_cache()).parents == ParentsView()


def test_parents_that_have_not_arrived_are_named_three_at_most() -> None:
    view = see(a_cache("a", "b", "c", "e")).parents
    assert (view.unmet, view.missing, view.culprit) == (4, ("a", "b", "c"), None)


def test_a_parent_that_a_complete_dag_does_not_have_was_deleted() -> None:
    assert see(a_cache("a", sealed=5)).parents.culprit == Culprit("a", names.REASON_PARENT_MISSING)


def test_a_parent_that_was_announced_by_a_higher_count_may_still_arrive() -> None:
    assert see(a_cache("a", sealed=3)).parents.culprit is None


def test_a_parent_that_was_there_and_is_gone_is_the_culprit() -> None:
    cache = a_cache("a", count=None)
    cache.apply(names.KIND_JOB, parent("a"))
    cache.apply(names.KIND_JOB, parent("a"), deleted=True)
    assert see(cache).parents.culprit == Culprit("a", names.REASON_PARENT_MISSING)


def test_the_last_parents_end_and_all_their_nodes_are_known_when_all_are_done() -> None:
    cache = a_cache("a", "b", affinity=True)
    first = {"phase": "Succeeded", "nodeName": "n-1", "completionTime": "2026-01-02T03:04:05Z"}
    cache.apply(names.KIND_JOB, parent("a", **first))
    assert see(cache).parents.done is None
    last = {"phase": "Succeeded", "nodeName": "n-2", "completionTime": "2026-01-02T03:04:01Z"}
    cache.apply(names.KIND_JOB, parent("b", **last))
    view = see(cache).parents
    assert (view.unmet, view.done, view.nodes) == (0, NOW, ("n-1", "n-2"))


def test_a_done_parent_of_an_earlier_dag_is_news_until_it_is_copied() -> None:
    child = raw_job("d", "z", (), "u-d")
    child["spec"]["parents"] = [{"jobID": "x", "name": "e-x", "uid": "u-x"}, {"jobID": "a"}]
    cache = Cache(VirtualClock().now)
    cache.apply(names.KIND_JOB, stored(child, uid="u-z", version=1))
    earlier = stored(raw_job("e", "x", (), "u-e"), uid="u-x", version=2, phase="Succeeded", nodeName="n-1")
    cache.apply(names.KIND_JOB, earlier)
    view = see(cache).parents
    assert [(news.job_id, news.node) for news in view.outcomes_to_copy] == [("x", "n-1")]
    cache.apply(names.KIND_JOB, stored(child, uid="u-z", version=9, parentOutcomes=[{"jobID": "x"}]))
    assert see(cache).parents.outcomes_to_copy == ()


def test_a_view_of_a_job_that_cannot_explain_its_pods_is_old_until_it_was_read_anew() -> None:
    cache = a_cache()
    job = stored(raw_job("d", "z"), uid="u-z", version=1)
    cache.apply("Pod", stored(raw_pod(job, 1), uid="p-1", version=2))
    assert not is_behind(cache, see(cache))
    cache.apply("Pod", stored(raw_pod(job, 2), uid="p-2", version=3))
    assert is_behind(cache, see(cache))
    cache.expectations.refreshed("u-z", 1)
    assert not is_behind(cache, see(cache))

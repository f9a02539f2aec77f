"""The cache as tables: which state of an object wins, and whom a change wakes."""

import pytest
from builders.operators.clocks import VirtualClock
from builders.operators.raw import raw_approval, raw_dag, raw_job, raw_pod, stored
from titan_operator.records import Key
from titan_operator.state.cache import Cache

from titan_api import names

Json = dict[str, object]


def a_cache() -> Cache:
    return Cache(VirtualClock().now)


def a_stored_dag(version: int = 1, uid: str = "u-d", name: str = "d", jobs: int | None = 3, **status: object) -> Json:
    return stored(raw_dag(name, jobs), uid=uid, version=version, **status)


def a_stored_job(
    job_id: str, *parents: str, version: int = 1, owner: str | None = "u-d", dag: str | None = "d", **status: object
) -> Json:
    return stored(raw_job(dag, job_id, parents, owner), uid=f"u-{job_id}", version=version, **status)


def job_key(job_id: str) -> Key:
    return Key(names.KIND_JOB, "default", names.job_name("d", job_id))


DAG_KEY = Key(names.KIND_DAG, "default", "d")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("put", "one", 1)], ("one", 1)),
        ([("put", "one", 1), ("put", "one", 2)], ("one", 2)),
        ([("put", "one", 2), ("put", "one", 1)], ("one", 2)),
        ([("put", "one", 1), ("delete", "one", 2)], None),
        ([("put", "one", 1), ("delete", "one", 2), ("put", "one", 3)], None),
        ([("delete", "one", 2), ("put", "one", 1)], None),
        ([("put", "one", 1), ("delete", "one", 2), ("put", "two", 3)], ("two", 3)),
        ([("put", "one", 1), ("put", "two", 3)], ("two", 3)),
        ([("put", "one", 1), ("put", "two", 3), ("put", "one", 2)], ("two", 3)),
        ([("put", "one", 1), ("put", "two", 3), ("delete", "one", 2)], ("two", 3)),
        ([("put", "two", 3), ("put", "one", 1)], ("two", 3)),
        ([("put", "two", 3), ("put", "one", 1), ("delete", "one", 2)], ("two", 3)),
    ],
    ids=[
        "a first state is taken",
        "a newer state wins",
        "an older state is ignored",
        "a deletion removes",
        "a late answer does not resurrect",
        "a late first answer does not resurrect",
        "a new object under the name is another one",
        "a new object replaces one whose deletion was missed",
        "the old one does not come back",
        "the old one's deletion does not touch the new one",
        "an older object does not replace a newer one",
        "and its deletion is ignored",
    ],
)
def test_which_state_wins(steps: list[tuple[str, str, int]], expected: tuple[str, int] | None) -> None:
    cache = a_cache()
    for step, uid, version in steps:
        cache.apply(names.KIND_DAG, a_stored_dag(version, uid), deleted=step == "delete")
    dag = cache.dag(DAG_KEY)
    assert (None if dag is None else (dag.meta.uid, dag.meta.resource_version)) == expected


@pytest.mark.parametrize("raw", [{}, {"metadata": {}}, {"metadata": None}, {"metadata": {"uid": "u", "name": 3}}, []])
def test_what_cannot_be_read_is_left_out(raw: Json) -> None:
    cache = a_cache()
    assert cache.apply(names.KIND_JOB, raw) == {} or cache.job(job_key("a")) is None


def test_a_repeated_state_wakes_nobody() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag())
    assert cache.apply(names.KIND_DAG, a_stored_dag()) == {}


def test_a_new_job_wakes_itself_and_its_dag() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag())
    assert set(cache.apply(names.KIND_JOB, a_stored_job("a"))) == {job_key("a"), DAG_KEY}


def test_a_parents_success_wakes_the_children_that_can_go_on_first_of_all() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag())
    for raw in (a_stored_job("a"), a_stored_job("x"), a_stored_job("b", "a"), a_stored_job("c", "a", "x")):
        cache.apply(names.KIND_JOB, raw)
    woken = list(cache.apply(names.KIND_JOB, a_stored_job("a", version=2, phase="Succeeded")))
    assert woken[0] == job_key("b")
    assert job_key("c") not in woken
    assert job_key("x") not in woken
    assert DAG_KEY in woken


def test_a_parents_failure_wakes_all_its_children() -> None:
    cache = a_cache()
    for raw in (a_stored_job("a"), a_stored_job("x"), a_stored_job("b", "a"), a_stored_job("c", "a", "x")):
        cache.apply(names.KIND_JOB, raw)
    woken = cache.apply(names.KIND_JOB, a_stored_job("a", version=2, phase="Failed"))
    assert {job_key("b"), job_key("c")} <= set(woken)


def test_a_running_write_wakes_no_child() -> None:
    cache = a_cache()
    for raw in (a_stored_job("a"), a_stored_job("b", "a")):
        cache.apply(names.KIND_JOB, raw)
    assert job_key("b") not in cache.apply(names.KIND_JOB, a_stored_job("a", version=2, phase="Running"))


def test_the_seal_wakes_jobs_by_priority_and_then_by_age() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag())
    for job_id, priority in (("a", 1), ("b", 9), ("c", 5)):
        raw = stored(raw_job("d", job_id, (), "u-d", priority=priority), uid=f"u-{job_id}", version=1)
        cache.apply(names.KIND_JOB, raw)
    woken = list(cache.apply(names.KIND_DAG, a_stored_dag(2, sealedJobCount=3)))
    assert woken == [DAG_KEY, job_key("b"), job_key("c"), job_key("a")]


def test_new_counts_of_a_dag_wake_none_of_its_jobs() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag(1, sealedJobCount=3))
    cache.apply(names.KIND_JOB, a_stored_job("a"))
    assert list(cache.apply(names.KIND_DAG, a_stored_dag(2, sealedJobCount=3, progress="1/3"))) == [DAG_KEY]


def test_a_pod_wakes_the_job_that_owns_it_and_only_its_uid_counts() -> None:
    cache = a_cache()
    job = a_stored_job("a")
    cache.apply(names.KIND_JOB, job)
    running = stored(raw_pod(job, 1), uid="u-p", version=2, phase="Running")
    assert list(cache.apply("Pod", running)) == [job_key("a")]
    former = stored(raw_job("d", "a", (), "u-d"), uid="u-former", version=1)
    assert cache.apply("Pod", stored(raw_pod(former, 2), uid="u-q", version=3)) == {}


def test_what_decides_nothing_about_a_job_does_not_wake_it() -> None:
    cache = a_cache()
    job = a_stored_job("a")
    cache.apply(names.KIND_JOB, job)
    assert cache.apply("Pod", stored(raw_pod(job, 1), uid="u-p", version=2, phase="Pending")) == {}
    placed = stored(raw_pod(job, 1), uid="u-p", version=3, phase="Pending")
    placed["spec"]["nodeName"] = "node-1"
    assert cache.apply("Pod", placed) == {}
    unschedulable = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no"}]
    waiting = stored(raw_pod(job, 1), uid="u-p", version=4, phase="Pending", conditions=unschedulable)
    assert list(cache.apply("Pod", waiting)) == [job_key("a")]


def test_an_open_gate_is_counted_until_it_is_decided() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag())
    job = a_stored_job("a")
    cache.apply(names.KIND_JOB, job)
    for version, phase, expected in ((2, "Scheduled", 0), (3, "Pending", 1), (4, "Approved", 0)):
        raw = stored(raw_approval(job, "d"), uid="u-g", version=version, phase=phase)
        woken = cache.apply(names.KIND_APPROVAL, raw)
        assert len(cache.indexes.dag_counts(DAG_KEY).open_gates) == expected
        assert job_key("a") in woken
    assert DAG_KEY in woken


def test_the_graph_is_read_again_only_when_the_set_of_jobs_changes() -> None:
    cache = a_cache()
    cache.apply(names.KIND_DAG, a_stored_dag())
    cache.apply(names.KIND_JOB, a_stored_job("a"))
    before = cache.indexes.dag_counts(DAG_KEY).version
    cache.apply(names.KIND_JOB, a_stored_job("a", version=2, phase="Running"))
    assert cache.indexes.dag_counts(DAG_KEY).version == before
    cache.apply(names.KIND_JOB, a_stored_job("b", "a"))
    assert cache.indexes.dag_counts(DAG_KEY).version > before


def test_jobs_of_a_former_dag_of_the_same_name_count_for_nothing() -> None:
    cache = a_cache()
    cache.apply(names.KIND_JOB, a_stored_job("a", owner="u-former"))
    cache.apply(names.KIND_JOB, a_stored_job("b", "a", owner="u-d"))
    cache.apply(names.KIND_DAG, a_stored_dag(5))
    assert set(cache.indexes.dag_counts(DAG_KEY).members) == {"d-b"}
    assert cache.indexes.dependencies.parent_counts(job_key("b")).unmet == 1


def test_a_parent_in_an_earlier_dag_is_found_by_uid_and_may_expire_once_it_is_done() -> None:
    cache = a_cache()
    earlier = stored(raw_job("e", "a", (), "u-e"), uid="u-earlier", version=1, phase="Succeeded")
    child = raw_job("d", "b", (), "u-d")
    child["spec"]["parents"] = [{"jobID": "a", "name": "e-a", "uid": "u-earlier"}]
    cache.apply(names.KIND_JOB, earlier)
    cache.apply(names.KIND_JOB, stored(child, uid="u-b", version=2))
    assert cache.indexes.dependencies.parent_counts(job_key("b")).unmet == 0
    cache.apply(names.KIND_JOB, earlier, deleted=True)
    assert cache.indexes.dependencies.parent_counts(job_key("b")).unmet == 0
    assert not cache.indexes.dependencies.parent_counts(job_key("b")).culprits


def test_a_parent_that_was_copied_into_the_status_is_not_missed_after_a_restart() -> None:
    cache = a_cache()
    child = raw_job("d", "b", (), "u-d")
    child["spec"]["parents"] = [{"jobID": "a", "name": "e-a", "uid": "u-earlier"}]
    cache.apply(names.KIND_JOB, stored(child, uid="u-b", version=2, parentOutcomes=[{"jobID": "a"}]))
    assert cache.indexes.dependencies.parent_counts(job_key("b")).unmet == 0


def test_a_list_removes_what_it_does_not_have_unless_that_is_newer() -> None:
    cache = a_cache()
    for job_id, version in (("a", 1), ("b", 2), ("c", 9)):
        cache.apply(names.KIND_JOB, a_stored_job(job_id, version=version))
    cache.remove_absent(names.KIND_JOB, None, {"u-b"}, 5)
    assert [cache.job(job_key(job_id)) is not None for job_id in "abc"] == [False, True, True]


def test_nothing_is_remembered_of_what_is_gone() -> None:
    cache = a_cache()
    dag, job = a_stored_dag(), a_stored_job("a", "b")
    pod = stored(raw_pod(job, 1, phase="Running"), uid="u-p", version=2)
    gate = stored(raw_approval(job, "d"), uid="u-g", version=2, phase="Pending")
    things = [(names.KIND_DAG, dag), (names.KIND_JOB, job), ("Pod", pod), (names.KIND_APPROVAL, gate)]
    for kind, raw in things:
        cache.apply(kind, raw)
    for kind, raw in things:
        cache.apply(kind, raw, deleted=True)
    assert not list(cache.records())
    assert len(cache.expectations) == 0
    assert cache.indexes.is_empty

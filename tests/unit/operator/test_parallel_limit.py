"""spec.maxParallel of a DAG, as a value."""

from dataclasses import replace

from builders.operators.records import a_job, a_pod, after
from titan_operator.state.parallel_limit import ParallelLimit

LOW, HIGH = a_job("low"), a_job("high", spec={"priority": 5})
YOUNG = replace(a_job("young"), meta=replace(a_job("young").meta, created=after(1)))


def full(pods: int = 1) -> ParallelLimit:
    limit = ParallelLimit(pods)
    for number in range(pods):
        limit.follow_pod(a_pod(a_job(f"r{number}")), is_gone=False)
    return limit


def test_without_a_limit_everybody_may_start() -> None:
    limit = ParallelLimit()
    limit.follow_pod(a_pod(LOW), is_gone=False)
    assert limit.may_start(HIGH)


def test_the_higher_priority_is_next_and_then_the_older_job() -> None:
    limit = full()
    for job in (YOUNG, LOW, HIGH):
        assert not limit.may_start(job)
        limit.queue_up(job)
    assert limit.next_job() is None
    limit.follow_pod(a_pod(a_job("r0"), phase="Succeeded"), is_gone=False)
    for job in (HIGH, LOW, YOUNG):
        assert limit.next_job() == job.meta.name
        assert [limit.may_start(other) for other in (HIGH, LOW, YOUNG)].count(True) >= 1
        assert limit.may_start(job)
        limit.leave(job.meta.name)
    assert limit.next_job() is None


def test_nobody_overtakes_whoever_waits_with_a_better_right() -> None:
    limit = full()
    limit.queue_up(HIGH)
    limit.follow_pod(a_pod(a_job("r0")), is_gone=True)
    assert not limit.may_start(LOW)
    assert limit.may_start(HIGH)


def test_a_place_that_is_promised_is_taken_until_the_pod_is_there_or_the_pass_is_over() -> None:
    limit = ParallelLimit(1)
    limit.reserve("low-1")
    assert not limit.may_start(HIGH)
    limit.release("low-1")
    assert limit.may_start(HIGH)
    limit.reserve(a_pod(LOW).meta.name)
    limit.follow_pod(a_pod(LOW), is_gone=False)
    limit.release(a_pod(LOW).meta.name)
    assert limit.taken == 1

"""The line of a DAG with spec.maxParallel, as a value."""

from dataclasses import replace

from builders.operators.records import a_job, a_pod, after
from titan_operator.state.parallel_limit import Turns

LOW, HIGH = a_job("low"), a_job("high", spec={"priority": 5})
YOUNG = replace(a_job("young"), meta=replace(a_job("young").meta, created=after(1)))


def full(limit: int = 1) -> Turns:
    turns = Turns(limit)
    for number in range(limit):
        turns.follow_pod(a_pod(a_job(f"r{number}")), is_gone=False)
    return turns


def test_without_a_limit_everybody_may_start() -> None:
    turns = Turns()
    turns.follow_pod(a_pod(LOW), is_gone=False)
    assert turns.may_start(HIGH)


def test_the_higher_priority_is_next_and_then_the_older_job() -> None:
    turns = full()
    for job in (YOUNG, LOW, HIGH):
        assert not turns.may_start(job)
        turns.queue_up(job)
    assert turns.next_job() is None
    turns.follow_pod(a_pod(a_job("r0"), phase="Succeeded"), is_gone=False)
    for job in (HIGH, LOW, YOUNG):
        assert turns.next_job() == job.meta.name
        assert [turns.may_start(other) for other in (HIGH, LOW, YOUNG)].count(True) >= 1
        assert turns.may_start(job)
        turns.leave(job.meta.name)
    assert turns.next_job() is None


def test_nobody_overtakes_whoever_waits_with_a_better_right() -> None:
    turns = full()
    turns.queue_up(HIGH)
    turns.follow_pod(a_pod(a_job("r0")), is_gone=True)
    assert not turns.may_start(LOW)
    assert turns.may_start(HIGH)


def test_a_place_that_is_promised_is_taken_until_the_pod_is_there_or_the_pass_is_over() -> None:
    turns = Turns(1)
    turns.promise("low-1")
    assert not turns.may_start(HIGH)
    turns.release("low-1")
    assert turns.may_start(HIGH)
    turns.promise(a_pod(LOW).meta.name)
    turns.follow_pod(a_pod(LOW), is_gone=False)
    turns.release(a_pod(LOW).meta.name)
    assert turns.taken == 1

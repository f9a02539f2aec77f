"""What a job that Titan itself holds back says of it, and how seldom."""

from dataclasses import replace

import pytest
from builders.operators.records import NOW, a_dag, a_failure, a_job, a_pod, after, an_attempt, seeing
from titan_operator.plan.conditions import find_condition
from titan_operator.plan.decisions import CreatePod, JobPlan
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import ObservedJob, ParentsView, Wait
from titan_operator.plan.waits import back_off_end
from titan_operator.records import Condition, JobStatus

from titan_api import names

FAILED_TWICE = JobStatus(run=1, attempt=2, failures=2, attempts=(an_attempt(2, ended=NOW, exit_code=3),))
LIMITED = a_dag(max_parallel=2)
GATE_OPEN = ParentsView(unmet=1, gated="p")


def told(plan: JobPlan) -> tuple[str, str]:
    assert plan.status is not None
    waiting = find_condition(plan.status.conditions, names.CONDITION_WAITING)
    assert waiting is not None
    assert waiting.status == "True"
    return waiting.reason, waiting.message


def after_two_seconds(seen: ObservedJob, reason: str) -> ObservedJob:
    return replace(seen, now=after(2), waits=Wait(reason, NOW))


@pytest.mark.parametrize(
    ("seen", "reason", "word"),
    [
        (seeing(a_job(suspend=True)), names.REASON_SUSPENDED, "the job"),
        (seeing(a_job(), dag=a_dag(suspend=True)), names.REASON_SUSPENDED, "the DAG"),
        (seeing(a_job(), dag=LIMITED, may_start=False), names.REASON_PARALLEL_LIMIT, "2 pods"),
        (seeing(a_job(parents=("p",)), parents=GATE_OPEN), names.REASON_GATE_OPEN, '"p"'),
    ],
)
def test_a_wait_without_an_end_is_told_after_a_second_and_once(seen: ObservedJob, reason: str, word: str) -> None:
    first = plan_job(seen)
    assert (first.actions, first.status, first.wait) == ((), None, Wait(reason, NOW))
    assert first.requeue_after == 1.0
    later = plan_job(after_two_seconds(seen, reason))
    assert told(later)[0] == reason
    assert word in told(later)[1]
    assert later.status is not None
    again = plan_job(replace(after_two_seconds(seen, reason), job=replace(seen.job, status=later.status)))
    assert (again.actions, again.status) == ((), None)


@pytest.mark.parametrize(
    ("seen", "reason", "until"),
    [
        (seeing(a_job(spec={"delayMilliseconds": 60_000})), names.REASON_DELAYED, "03:05:05"),
        (seeing(a_job(status=FAILED_TWICE)), names.REASON_BACK_OFF, "03:04:07"),
    ],
)
def test_a_wait_whose_end_is_known_is_told_at_once_with_the_time(seen: ObservedJob, reason: str, until: str) -> None:
    plan = plan_job(seen)
    assert told(plan)[0] == reason
    assert until in told(plan)[1]
    assert plan.requeue_after is not None


def test_a_short_delay_costs_no_write() -> None:
    plan = plan_job(seeing(a_job(spec={"delayMilliseconds": 900})))
    assert (plan.status, plan.requeue_after) == (None, 0.9)


def test_a_delayed_job_says_since_when_it_is_ready() -> None:
    seen = seeing(a_job(spec={"delayMilliseconds": 60_000}), now=after(3), parents=ParentsView(done=after(2)))
    plan = plan_job(seen)
    assert plan.status is not None
    assert plan.status.ready == after(2)


def test_a_long_pause_is_told_by_the_write_that_tells_the_failure() -> None:
    job = a_job(spec={"retry": {"limit": 3, "backoffSeconds": 60}}, status=JobStatus(run=1))
    plan = plan_job(seeing(job, outcomes={1: a_failure()}))
    assert told(plan)[0] == names.REASON_BACK_OFF
    assert plan.status is not None
    again = plan_job(seeing(replace(job, status=plan.status), now=after(3)))
    assert (again.status, again.actions) == (None, ())


@pytest.mark.parametrize(
    ("retry", "failures", "seconds"),
    [
        ({}, 1, 1),
        ({}, 4, 8),
        ({}, 11, 600),
        ({"backoffSeconds": 10}, 3, 40),
        ({"backoffSeconds": 10, "maxBackoffSeconds": 30}, 2, 20),
        ({"backoffSeconds": 10, "maxBackoffSeconds": 30}, 3, 30),
        ({"maxBackoffSeconds": 86_400}, 40, 86_400),
        ({"backoffSeconds": 0, "maxBackoffSeconds": 30}, 3, 0),
    ],
)
def test_the_pause_doubles_up_to_the_longest_that_the_job_allows(
    retry: dict[str, int], failures: int, seconds: int
) -> None:
    status = JobStatus(run=1, failures=failures, attempts=(an_attempt(failures, ended=NOW),))
    assert back_off_end(a_job(spec={"retry": retry}), status) == after(seconds)


def test_a_job_whose_turn_has_not_come_stands_in_the_line() -> None:
    assert plan_job(seeing(a_job(), dag=LIMITED, may_start=False)).queues_up
    suspended = plan_job(seeing(a_job(suspend=True), dag=LIMITED, may_start=False))
    assert not suspended.queues_up
    started = plan_job(seeing(a_job(), dag=LIMITED))
    assert [type(action) for action in started.actions] == [CreatePod]


def test_what_a_job_waited_for_is_forgotten_when_its_pod_runs_or_lasts() -> None:
    waiting = Condition(names.CONDITION_WAITING, "True", names.REASON_SUSPENDED, "the DAG is suspended", NOW)
    job = a_job(status=JobStatus(run=1, conditions=(waiting,)))
    pending = seeing(job, pods=(a_pod(job, phase="Pending"),))
    assert plan_job(pending).status is None
    for seen in (replace(pending, now=after(2)), seeing(job, pods=(a_pod(job),), now=after(2))):
        plan = plan_job(seen)
        assert plan.status is not None
        assert find_condition(plan.status.conditions, names.CONDITION_WAITING) is None

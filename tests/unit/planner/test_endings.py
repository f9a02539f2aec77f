"""Ends that come from outside: deadlines, deletions, cancels, and the time for which an ended object is kept."""

from dataclasses import replace

import pytest
from builders.operators.records import (
    NOW,
    a_dag,
    a_failure,
    a_job,
    a_pod,
    after,
    an_approval,
    deleting,
    ended_with,
    seeing,
    seeing_dag,
    seeing_gate,
)
from titan_operator.plan.approvals import plan_approval
from titan_operator.plan.conditions import find_condition
from titan_operator.plan.dags import plan_dag
from titan_operator.plan.decisions import Expire
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import Lookup, ObservedJob
from titan_operator.records import DAGRecord, DAGStatus, Decision, JobRecord, JobStatus, Outcome

from titan_api import defaults, names

LIMITED = a_job(spec={"activeDeadlineSeconds": 5})
POD = a_pod(LIMITED)
KILLED = Outcome(1, "run", 143, names.REASON_TERMINATED, "killed by SIGTERM", after(0.1), after(5.2))
EARLY = replace(KILLED, ended=after(2))


@pytest.mark.parametrize(
    ("situation", "seen", "reason", "failures"),
    [
        (
            "the kubelet says so",
            seeing(
                LIMITED,
                pods=(replace(POD, phase="Failed", reason="DeadlineExceeded", termination=ended_with(137)),),
                outcomes={1: Lookup.ABSENT},
            ),
            names.REASON_DEADLINE_EXCEEDED,
            (1, 0),
        ),
        (
            "the record comes before the kubelet's word",
            seeing(LIMITED, pods=(POD,), outcomes={1: KILLED}),
            names.REASON_DEADLINE_EXCEEDED,
            (1, 0),
        ),
        (
            "the record of a pod that is gone already",
            seeing(LIMITED, outcomes={1: KILLED}),
            names.REASON_DEADLINE_EXCEEDED,
            (1, 0),
        ),
        (
            "somebody deleted the pod before its deadline",
            seeing(LIMITED, pods=(deleting(POD),), outcomes={1: EARLY}),
            names.REASON_TERMINATED,
            (0, 1),
        ),
        (
            "the record comes before the watch tells of the deletion",
            seeing(LIMITED, pods=(POD,), outcomes={1: EARLY}),
            names.REASON_TERMINATED,
            (0, 1),
        ),
        (
            "the program failed by itself on a node that is drained",
            seeing(a_job(), pods=(a_pod(a_job(), disrupted=True),), outcomes={1: a_failure()}),
            names.REASON_ERROR,
            (0, 1),
        ),
        (
            "the kubelet evicted the pod",
            seeing(
                a_job(),
                pods=(a_pod(a_job(), phase="Failed", reason="Evicted", message="low on memory"),),
                outcomes={1: Lookup.ABSENT},
            ),
            "Evicted",
            (0, 1),
        ),
        (
            "the node is lost",
            seeing(a_job(), pods=(a_pod(a_job(), phase="Failed", reason="NodeLost"),), outcomes={1: Lookup.ABSENT}),
            "NodeLost",
            (0, 1),
        ),
        (
            "the runner could not publish",
            seeing(a_job(), outcomes={1: Outcome(1, "publish", None, "PublishFailed", "disk full", NOW, NOW)}),
            "PublishFailed",
            (0, 1),
        ),
    ],
)
def test_whose_failure_it_was_when(situation: str, seen: ObservedJob, reason: str, failures: tuple[int, int]) -> None:
    plan = plan_job(seen)
    assert plan.status is not None, situation
    assert plan.status.phase == "Pending", situation
    assert plan.status.attempts[-1].reason == reason, situation
    assert (plan.status.failures, plan.status.infrastructure_failures) == failures, situation


# ---------------------------------------------------------------- gates that nobody need answer
DONE = a_job(spec={"approval": {}}, status=JobStatus(phase="Succeeded", run=1, completed=NOW, approval="Pending"))
FAILED = a_job(spec={"approval": {}}, status=JobStatus(phase="Failed", run=1, completed=NOW))
ENDED = a_dag(status=DAGStatus(phase="Failed", run=1, sealed_job_count=1, completed=NOW))


@pytest.mark.parametrize(
    ("job", "dag", "word"),
    [
        (replace(DONE, cancel=True), a_dag(), "the job was cancelled"),
        (DONE, a_dag(cancel=True), "the DAG was cancelled"),
        (DONE, ENDED, "the DAG has ended"),
        (FAILED, a_dag(), "the job has failed"),
    ],
)
def test_a_gate_that_nobody_need_answer_is_closed_and_says_why(job: JobRecord, dag: DAGRecord, word: str) -> None:
    plan = plan_approval(seeing_gate(an_approval(job), job, dag=dag))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.decided_by) == ("Rejected", ())
    closed = find_condition(plan.status.conditions, names.CONDITION_FAILED)
    assert closed is not None
    assert closed.reason == names.REASON_CANCELLED
    assert word in closed.message


def test_a_decision_that_was_made_before_the_cancel_stands() -> None:
    gate = an_approval(DONE, Decision("ann", "Approve"))
    plan = plan_approval(seeing_gate(gate, DONE, dag=a_dag(cancel=True)))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.decided_by) == ("Approved", ("ann",))


def test_a_job_that_is_added_to_an_ended_dag_is_refused_with_a_word() -> None:
    late = a_job()
    late = replace(late, meta=replace(late.meta, created=after(60)))
    plan = plan_job(seeing(late, dag=ENDED, now=after(60)))
    assert plan.status is not None
    assert plan.status.phase == "Cancelled"
    assert plan.status.conditions[-1].reason == names.REASON_DAG_ENDED
    assert "submit a new DAG" in plan.status.conditions[-1].message


# ---------------------------------------------------------------- how long what has ended is kept
def test_an_ended_dag_is_kept_for_its_time_and_then_deleted() -> None:
    dag = replace(ENDED, ttl_seconds=100)
    kept = plan_dag(seeing_dag(dag, jobs=1, counts={"failed": 1}, settled=1, stopped=1, now=after(40)))
    assert (kept.actions, kept.status, kept.requeue_after) == ((), None, 60.0)
    over = plan_dag(seeing_dag(dag, jobs=1, counts={"failed": 1}, settled=1, stopped=1, now=after(100)))
    assert over.actions == (Expire(),)


def test_a_dag_does_not_expire_while_a_service_of_it_lives_or_when_it_is_to_run_again() -> None:
    over = {"jobs": 1, "settled": 1, "stopped": 1, "now": after(999_999)}
    assert plan_dag(seeing_dag(ENDED, counts={"serving": 1}, **over)).actions == ()
    assert plan_dag(seeing_dag(replace(ENDED, run=2), counts={"failed": 1}, **over)).actions == ()


def test_a_job_that_stands_alone_is_kept_for_seven_days() -> None:
    job = a_job(dag=None, status=JobStatus(phase="Succeeded", attempt=1, completed=NOW))
    week = defaults.STANDALONE_TTL_SECONDS
    assert plan_job(seeing(job, now=after(week - 10))).requeue_after == 10
    assert plan_job(seeing(job, now=after(week))).actions == (Expire(),)
    gated = replace(job, spec=job.spec | {"approval": {}}, status=replace(job.status, approval="Pending"))
    assert Expire() not in plan_job(seeing(gated, now=after(week))).actions

"""Runs and rounds: what spec.run n+1 tries again, and what stays."""

from dataclasses import replace

import pytest
from builders.operators.records import (
    NOW,
    a_dag,
    a_job,
    a_meta,
    after,
    an_approval,
    an_attempt,
    seeing,
    seeing_dag,
    seeing_gate,
)
from titan_operator.plan.approvals import plan_approval
from titan_operator.plan.conditions import find_condition
from titan_operator.plan.dags import plan_dag
from titan_operator.plan.decisions import CreateApproval, CreatePod
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import ParentsView
from titan_operator.records import ApprovalStatus, Condition, DAGRecord, DAGStatus, JobStatus

from titan_api import names

GATED = {"approval": {"message": "look", "timeoutSeconds": 60}}
FAILURE = Condition(names.CONDITION_FAILED, "True", names.REASON_JOBS_FAILED, "1 failed", NOW)
FAILED = JobStatus(
    phase="Failed",
    run=1,
    attempt=4,
    failures=4,
    attempts=(an_attempt(4, ended=NOW, exit_code=3),),
    completed=NOW,
    conditions=(FAILURE,),
)


def a_dag_in_run(run: int, *, asked: int | None = None, **fields: object) -> DAGRecord:
    status = DAGStatus(phase="Running", run=run, sealed_job_count=1, started=NOW)
    return a_dag(run=asked or run, status=replace(status, **fields))


def test_a_raised_run_takes_the_end_of_the_dag_back() -> None:
    ended = a_dag_in_run(1, asked=2, phase="Failed", completed=NOW, conditions=(FAILURE,), counts={"failed": 1})
    plan = plan_dag(seeing_dag(ended, jobs=1, counts={"failed": 1}, settled=1, stopped=1, now=after(9)))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.run, plan.status.completed) == ("Running", 2, None)
    assert (plan.status.conditions, plan.status.counts) == ((), {"pending": 1})


def test_a_run_that_was_entered_is_not_entered_again() -> None:
    running = a_dag_in_run(2, counts={"pending": 1}, progress="0/1", observed_generation=1)
    assert plan_dag(seeing_dag(running, jobs=1, counts={"pending": 1})).status is None


def test_a_failed_job_is_set_back_its_attempts_go_on_and_its_failures_are_counted_anew() -> None:
    plan = plan_job(seeing(a_job(status=FAILED), dag=a_dag_in_run(2), awaits_rerun=True))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.run, plan.status.attempt) == ("Pending", 2, 4)
    assert (plan.status.failures, plan.status.conditions, plan.status.completed) == (0, (), None)
    (action,) = plan_job(seeing(a_job(status=plan.status), dag=a_dag_in_run(2))).actions
    assert isinstance(action, CreatePod)
    assert action.attempt == 5


def test_the_first_attempt_of_a_run_waits_for_no_back_off() -> None:
    fresh = JobStatus(run=2, attempt=4, attempts=(an_attempt(4, ended=NOW, exit_code=3),))
    assert plan_job(seeing(a_job(status=fresh), dag=a_dag_in_run(2))).requeue_after is None


def test_a_parent_that_runs_again_is_waited_for_by_a_child_that_ran_before() -> None:
    fresh = JobStatus(run=2, attempt=1, attempts=(an_attempt(1, ended=NOW, exit_code=3),))
    seen = seeing(a_job(parents=("p",), status=fresh), dag=a_dag_in_run(2), parents=ParentsView(unmet=1))
    assert plan_job(seen).actions == ()


@pytest.mark.parametrize("phase", ["Failed", "Cancelled"])
def test_a_job_that_is_cancelled_itself_enters_the_run_as_it_is(phase: str) -> None:
    job = a_job(status=replace(FAILED, phase=phase), cancel=True)
    plan = plan_job(seeing(job, dag=a_dag_in_run(2), awaits_rerun=True))
    assert plan.status == replace(job.status, run=2, observed_generation=1)


def test_a_rejected_gate_is_asked_again_and_its_program_does_not_run_again() -> None:
    rejected = JobStatus(phase="Succeeded", run=1, attempt=1, completed=NOW, approval="Rejected")
    plan = plan_job(seeing(a_job(spec=GATED, status=rejected), dag=a_dag_in_run(2), awaits_rerun=True))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.run, plan.status.approval) == ("Succeeded", 2, "Scheduled")
    (action,) = plan_job(seeing(a_job(spec=GATED, status=plan.status), dag=a_dag_in_run(2))).actions
    assert isinstance(action, CreateApproval)
    assert action.manifest["metadata"]["name"] == names.approval_name(a_job().meta.name, 2)
    assert action.manifest["spec"]["subject"]["round"] == 2


def test_the_time_to_decide_about_a_later_round_counts_from_its_own_beginning() -> None:
    job = a_job(spec=GATED, status=JobStatus(phase="Succeeded", run=2, completed=NOW, approval="Scheduled"))
    gate = an_approval(job, round=2, meta=replace(a_meta("g"), created=after(1_000)))
    plan = plan_approval(seeing_gate(gate, job, now=after(1_001)))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.deadline) == ("Pending", after(1_060))


def test_a_gate_of_an_earlier_round_is_closed_when_its_job_runs_again() -> None:
    job = a_job(spec=GATED, status=JobStatus(phase="Pending", run=2, attempt=1))
    plan = plan_approval(seeing_gate(an_approval(job), job))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.decided_by) == ("Rejected", ())
    closed = find_condition(plan.status.conditions, names.CONDITION_FAILED)
    assert closed is not None
    assert closed.reason == names.REASON_CANCELLED


@pytest.mark.parametrize(
    ("situation", "dag_run", "gate_round", "expected"),
    [
        ("an ordinary job", 1, None, 1),
        ("a job that was added in a later run", 3, None, 3),
        ("a gate is there", 2, 1, 1),
    ],
)
def test_the_first_status_of_a_job_says_in_which_run_it_began(
    situation: str, dag_run: int, gate_round: int | None, expected: int
) -> None:
    job = a_job(spec={"retry": {"limit": 0}}, cancel=True)
    gate = an_approval(job, round=gate_round, status=ApprovalStatus()) if gate_round is not None else None
    plan = plan_job(seeing(job, dag=a_dag_in_run(dag_run), approval=gate))
    assert plan.status is not None
    assert plan.status.run == expected, situation


def test_a_job_that_stands_alone_has_no_run() -> None:
    plan = plan_job(seeing(a_job(dag=None, cancel=True)))
    assert plan.status is not None
    assert plan.status.run == 0

"""plan_dag, plan_approval and the checks of a graph."""

from dataclasses import replace

import pytest
from builders.operators.records import NOW, a_dag, a_job, after, an_approval, seeing_dag, seeing_gate
from titan_operator.plan.approvals import plan_approval
from titan_operator.plan.dags import plan_dag
from titan_operator.plan.graphs import find_problem
from titan_operator.plan.observed import GraphView
from titan_operator.records import ApprovalRecord, Decision, JobRecord, JobStatus

from titan_api import defaults, names
from titan_api.verdicts import fold

UNSEALED = a_dag(jobs=2, sealed=False)
TWO = a_dag(jobs=2)


@pytest.mark.parametrize(
    ("graph", "reason", "culprits"),
    [
        (GraphView({"a": ("c",), "b": ("a",), "c": ("b",)}), names.REASON_CYCLE, ("a", "b", "c")),
        (GraphView({"a": ("a",)}), names.REASON_SELF_PARENT, ("a",)),
        (GraphView({"a": ("ghost",)}), names.REASON_UNKNOWN_PARENT, ("a", "ghost")),
        (GraphView({"a": ()}, duplicates=("a",)), names.REASON_DUPLICATE_JOB_ID, ("a",)),
        (GraphView({"x": (), "a": ("x", "b"), "b": ("a",)}), names.REASON_CYCLE, ("a", "b")),
    ],
)
def test_a_wrong_graph_fails_the_dag_and_names_the_culprits(
    graph: GraphView, reason: str, culprits: tuple[str, ...]
) -> None:
    plan = plan_dag(seeing_dag(UNSEALED, jobs=2, graph=graph))
    assert plan.status is not None
    conditions = {condition.type: condition for condition in plan.status.conditions}
    assert conditions[names.CONDITION_INVALID].reason == reason
    assert conditions[names.CONDITION_FAILED].status == "True"
    assert all(f'"{culprit}"' in conditions[names.CONDITION_INVALID].message for culprit in culprits)


def test_a_diamond_and_a_chain_of_ten_thousand_jobs_are_valid() -> None:
    diamond = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
    chain = {str(n): (str(n - 1),) if n else () for n in range(10_000)}
    assert find_problem(GraphView(diamond), complete=True) is None
    assert find_problem(GraphView(chain), complete=True) is None


def test_a_dag_is_sealed_when_the_announced_jobs_are_there_and_not_before() -> None:
    assert plan_dag(seeing_dag(UNSEALED, jobs=1)).status is None
    plan = plan_dag(seeing_dag(UNSEALED, jobs=2, counts={"pending": 2}))
    assert plan.status is not None
    assert (plan.status.sealed_job_count, plan.status.phase, plan.status.progress) == (2, "Running", "0/2")


def test_an_incomplete_submission_fails_after_fifteen_minutes() -> None:
    plan = plan_dag(seeing_dag(UNSEALED, jobs=1, now=after(900)))
    assert plan.status is not None
    assert plan.status.conditions[-1].reason == names.REASON_SUBMISSION_INCOMPLETE
    assert "1 of 2 jobs" in plan.status.conditions[-1].message


@pytest.mark.parametrize(
    ("counts", "stopped", "cancel", "phase", "condition"),
    [
        ({"succeeded": 2}, 0, False, "Succeeded", names.CONDITION_COMPLETE),
        ({"succeeded": 1, "failed": 1}, 1, False, "Failed", names.CONDITION_FAILED),
        ({"succeeded": 2}, 1, False, "Failed", names.CONDITION_FAILED),  # one gate was rejected
        ({"cancelled": 2}, 2, True, "Cancelled", names.CONDITION_FAILED),
        ({"succeeded": 2}, 0, True, "Succeeded", names.CONDITION_COMPLETE),
    ],
)
def test_the_end_follows_from_the_jobs(
    counts: dict[str, int], stopped: int, cancel: bool, phase: str, condition: str
) -> None:
    dag = replace(TWO, cancel=cancel)
    plan = plan_dag(seeing_dag(dag, jobs=2, counts=counts, settled=2, stopped=stopped, last_write=NOW))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.conditions[-1].type) == (phase, condition)
    assert plan.status.completed == NOW


def test_an_open_gate_keeps_the_dag_running_and_is_counted() -> None:
    plan = plan_dag(seeing_dag(TWO, jobs=2, counts={"succeeded": 1, "pending": 1}, settled=0, waiting_approvals=1))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.waiting_approvals, plan.status.progress) == ("Running", 1, "1/2")


def test_counts_are_written_at_most_once_a_second_but_the_end_at_once() -> None:
    counting = seeing_dag(TWO, jobs=2, counts={"running": 2}, now=after(0.25), last_write=NOW)
    plan = plan_dag(counting)
    assert (plan.status, plan.requeue_after) == (None, 0.75)
    ending = replace(counting, counts={"succeeded": 2}, settled=2)
    assert plan_dag(ending).status is not None


@pytest.mark.parametrize("counts", [{"succeeded": 1, "cancelled": 1}, {"succeeded": 2}])
def test_cancelling_a_dag_ends_it_though_nobody_answered_its_gates(counts: dict[str, int]) -> None:
    dag, stopped = replace(TWO, cancel=True), counts.get("cancelled", 0)
    plan = plan_dag(seeing_dag(dag, jobs=2, counts=counts, settled=stopped, stopped=stopped, waiting_approvals=1))
    assert plan.status is not None
    assert (plan.status.phase, plan.status.waiting_approvals) == ("Cancelled", 0)


def test_a_job_that_was_deleted_out_of_a_live_dag_counts_as_cancelled() -> None:
    plan = plan_dag(seeing_dag(TWO, jobs=1, counts={"succeeded": 1}, settled=1))
    assert plan.status is not None
    assert plan.status.phase == "Failed"
    assert plan.status.counts == {"succeeded": 1, "cancelled": 1}


def test_a_dag_without_a_count_waits_for_stragglers_before_it_ends() -> None:
    dag = a_dag(jobs=None, sealed=False)
    seen = seeing_dag(dag, jobs=1, counts={"succeeded": 1}, settled=1, newest_job=NOW, now=after(1))
    early = plan_dag(seen)
    assert early.status is not None
    assert early.status.phase == "Running"
    late = plan_dag(replace(seen, now=after(5)))
    assert late.status is not None
    assert late.status.phase == "Succeeded"


# ---------------------------------------------------------------- gates
DONE = a_job(spec={"approval": {}}, status=JobStatus(phase="Succeeded", attempt=1, completed=NOW, approval="Scheduled"))
YES_ANN, YES_BOB = Decision("ann", "Approve"), Decision("bob", "Approve", "fine")
NO_BOB = Decision("bob", "Reject", "wrong plot")


@pytest.mark.parametrize(
    ("decisions", "required", "verdict"),
    [
        ((), 1, None),
        ((YES_ANN,), 1, "Approved"),
        ((YES_ANN,), 2, None),
        ((YES_ANN, YES_ANN), 2, None),
        ((YES_ANN, YES_BOB), 2, "Approved"),
        ((NO_BOB,), 1, "Rejected"),
        ((YES_ANN, NO_BOB), 2, "Rejected"),
        ((YES_ANN, NO_BOB), 1, "Approved"),
        ((NO_BOB, YES_ANN), 1, "Rejected"),
    ],
)
def test_the_verdict_is_a_fold_in_list_order(
    decisions: tuple[Decision, ...], required: int, verdict: str | None
) -> None:
    assert fold([(given.user, given.verdict) for given in decisions], required) == verdict


@pytest.mark.parametrize(
    ("situation", "approval", "job", "seconds", "phase"),
    [
        ("the job has not succeeded", an_approval(a_job()), a_job(), 0, None),
        ("an early approval does not open it", an_approval(a_job(), YES_ANN), a_job(), 0, None),
        ("the job is gone", an_approval(DONE), None, 0, None),
        ("the job has succeeded", an_approval(DONE), DONE, 0, "Pending"),
        ("an early approval counts when it opens", an_approval(DONE, YES_ANN), DONE, 0, "Approved"),
        ("somebody rejects", an_approval(DONE, NO_BOB), DONE, 1, "Rejected"),
        ("the deadline passes", an_approval(DONE), DONE, 60, "TimedOut"),
        ("a decision outlives the operator's absence", an_approval(DONE, YES_ANN), DONE, 3600, "Approved"),
    ],
)
def test_a_gate_when(
    situation: str, approval: ApprovalRecord, job: JobRecord | None, seconds: float, phase: str | None
) -> None:
    plan = plan_approval(seeing_gate(approval, job, after(seconds)))
    assert (plan.status.phase if plan.status else None) == phase, situation


def test_a_verdict_is_for_good() -> None:
    first = plan_approval(seeing_gate(an_approval(DONE, YES_ANN), DONE))
    assert first.status is not None
    decided = an_approval(DONE, YES_ANN, NO_BOB, status=first.status)
    assert plan_approval(seeing_gate(decided, DONE, after(999))).status is None


def test_the_deadline_counts_from_the_jobs_completion_and_decisions_are_stamped_once() -> None:
    gate = an_approval(DONE, YES_ANN, required=2)
    first = plan_approval(seeing_gate(gate, DONE, after(1)))
    assert first.status is not None
    assert first.status.deadline == after(60)
    second = plan_approval(
        seeing_gate(an_approval(DONE, YES_ANN, YES_BOB, required=2, status=first.status), DONE, after(9))
    )
    assert second.status is not None
    assert [decision.time for decision in second.status.decisions] == [after(1), after(9)]
    assert second.status.decided_by == ("ann", "bob")
    assert "fine" in second.status.conditions[-1].message


def test_jobs_that_are_added_to_a_running_dag_are_waited_for_and_sealed() -> None:
    """spec.jobCount rises first, then the jobs arrive: all that are there having succeeded is not the end."""
    grown = a_dag(jobs=1)
    grown = replace(grown, job_count=2)
    done = {"counts": {"succeeded": 1}, "settled": 1, "newest_job": NOW}
    waiting = plan_dag(seeing_dag(grown, jobs=1, **done, now=after(60)))
    assert waiting.status is None or waiting.status.completed is None
    assert waiting.requeue_after is not None
    sealed = plan_dag(seeing_dag(grown, jobs=2, counts={"succeeded": 1, "pending": 1}, settled=1, newest_job=NOW))
    assert sealed.status is not None
    assert sealed.status.sealed_job_count == 2
    given_up = plan_dag(seeing_dag(grown, jobs=1, **done, now=after(defaults.SUBMISSION_TIMEOUT_SECONDS + 1)))
    assert given_up.status is not None
    assert given_up.status.completed is not None

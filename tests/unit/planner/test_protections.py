"""Gates where the admission policies that prove who decides are missing, or come and go."""

from dataclasses import replace

import pytest
from builders.operators.records import NOW, a_dag, a_job, after, an_approval, seeing_gate
from titan_operator.plan.approvals import plan_approval
from titan_operator.plan.conditions import find_condition
from titan_operator.plan.observed import Protection
from titan_operator.records import ApprovalRecord, ApprovalStatus, Decision, JobRecord, JobStatus

from titan_api import names

DONE = a_job(status=JobStatus(phase="Succeeded", completed=NOW))
IN_FORCE, REQUIRED = Protection(is_required=True), Protection("the policy titan-approvals is missing", is_required=True)
ALLOWED = Protection("the policy titan-approvals is missing")
ANN, BOB = Decision("ann", "Approve"), Decision("bob", "Approve")


def settle(
    approval: ApprovalRecord, protection: Protection, seconds: float = 1, job: JobRecord = DONE
) -> ApprovalRecord:
    """The gate after one pass."""
    status = plan_approval(seeing_gate(approval, job, after(seconds), protection=protection)).status
    return approval if status is None else replace(approval, status=status)


def condition(approval: ApprovalRecord) -> tuple[str, str, str]:
    found = find_condition(approval.status.conditions, names.CONDITION_UNPROTECTED)
    assert found is not None
    return found.status, found.reason, found.message


def test_where_policies_are_required_a_gate_does_not_open_without_them_and_says_which() -> None:
    gate = settle(an_approval(DONE), REQUIRED)
    assert gate.status.phase == "Scheduled"
    assert condition(gate)[:2] == ("True", "PoliciesMissing")
    assert "the policy titan-approvals is missing" in condition(gate)[2]


def test_it_opens_when_they_are_there_and_people_have_all_their_time() -> None:
    gate = settle(settle(an_approval(DONE, timeout_seconds=60), REQUIRED), IN_FORCE, 1_000)
    assert gate.status.phase == "Pending"
    assert gate.status.deadline == after(1_060)
    assert find_condition(gate.status.conditions, names.CONDITION_UNPROTECTED) is None
    assert settle(gate, IN_FORCE, 1_030) == gate
    assert settle(gate, IN_FORCE, 1_061).status.phase == "TimedOut"


@pytest.mark.parametrize("is_open", [False, True])
def test_a_decision_made_meanwhile_never_counts(is_open: bool) -> None:
    gate = an_approval(DONE, timeout_seconds=60)
    if is_open:
        gate = settle(gate, IN_FORCE)
    gate = settle(replace(gate, decisions=(ANN,)), REQUIRED, 2)
    assert gate.status.phase == ("Pending" if is_open else "Scheduled")
    assert "what ann said meanwhile does not count" in condition(gate)[2]
    gate = settle(gate, IN_FORCE, 3)
    assert gate.status.phase == "Pending"
    assert condition(gate)[:2] == ("False", "PoliciesInForce")
    assert "what ann said meanwhile does not count" in condition(gate)[2]
    gate = settle(replace(gate, decisions=(ANN, BOB)), IN_FORCE, 4)
    assert (gate.status.phase, gate.status.decided_by) == ("Approved", ("bob",))


def test_what_was_counted_before_they_were_gone_still_counts() -> None:
    gate = settle(replace(an_approval(DONE, required=2), decisions=(ANN,)), IN_FORCE)
    gate = settle(gate, REQUIRED, 2)
    gate = settle(replace(gate, decisions=(ANN, BOB)), IN_FORCE, 3)
    assert (gate.status.phase, gate.status.decided_by) == ("Approved", ("ann", "bob"))


def test_an_open_gates_published_deadline_stands_without_them() -> None:
    gate = settle(an_approval(DONE, timeout_seconds=60), IN_FORCE)
    assert settle(gate, REQUIRED, 59).status.phase == "Pending"
    assert settle(gate, REQUIRED, 60).status.phase == "TimedOut"


def test_nobody_is_asked_for_a_cancelled_dag_without_them_either() -> None:
    seen = seeing_gate(an_approval(DONE), DONE, dag=a_dag(cancel=True), protection=REQUIRED)
    status = plan_approval(seen).status
    assert status is not None
    assert status.phase == "Rejected"


def test_where_they_are_not_required_the_gate_works_and_says_so() -> None:
    gate = settle(replace(an_approval(DONE), decisions=(ANN,)), ALLOWED)
    assert gate.status.phase == "Approved"
    assert condition(gate)[0] == "True"
    assert "decisions count all the same" in condition(gate)[2]
    assert gate.status.conditions[-1].type == names.CONDITION_COMPLETE


def test_a_gate_that_is_not_open_costs_no_write_where_they_are_not_required() -> None:
    running = a_job(status=JobStatus(phase="Running"))
    assert plan_approval(seeing_gate(an_approval(running), running, protection=ALLOWED)).status is None


def test_a_pass_that_finds_nothing_new_writes_nothing() -> None:
    for protection in (REQUIRED, ALLOWED, IN_FORCE):
        gate = settle(an_approval(DONE), protection)
        assert settle(gate, protection, 2) == gate


def test_a_verdict_is_for_good_whatever_becomes_of_the_policies() -> None:
    decided = an_approval(DONE, status=ApprovalStatus(phase="Approved"))
    assert plan_approval(seeing_gate(decided, DONE, protection=REQUIRED)).status is None

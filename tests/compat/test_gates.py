"""COMPAT, "Gates"."""

from datetime import datetime

from compat.conftest import Objects, Program


def test_an_old_program_approves_by_the_keys_of_the_store(program: Program, objects: Objects) -> None:
    assert program("gate_approved.py") == [
        "ERROR:",
        "NULL False",
        "DAG_ACCEPTED",
        "RUNNING COMPLETED PENDING",
        "Publish the draft? True",
        "[('hitl-gate-ga_draft', 'Publish the draft?')]",
        "OK APPROVED",
        "['COMPLETED', 'COMPLETED'] False",
        "ERROR: COMPLETED",
    ]
    (approval,) = objects.approvals("ga_draft")
    assert approval["spec"]["timeoutSeconds"] == 172_800


def test_a_rejection_fails_the_gate_and_cancels_what_is_behind_it(program: Program) -> None:
    assert program("gate_rejected.py") == [
        "DAG_ACCEPTED",
        "OK REJECTED",
        "['FAILED', 'COMPLETED', 'CANCELLED', 'CANCELLED'] ''",
    ]


def test_a_gate_times_out_once_although_the_job_has_retries(program: Program, objects: Objects) -> None:
    assert program("gate_timeout.py") == [
        "DAG_ACCEPTED",
        "['FAILED', 'CANCELLED', 'COMPLETED'] TIMEOUT",
        "attempt 2 2",
    ]
    (approval,) = objects.approvals("gt_draft")
    times = [datetime.fromisoformat(approval["status"][name]) for name in ("openTime", "deadline")]
    assert (times[1] - times[0]).total_seconds() == 1


def test_a_gate_whose_job_failed_is_cleared(program: Program) -> None:
    assert program("gate_cleared.py") == [
        "DAG_ACCEPTED",
        "['FAILED', 'CANCELLED', 'CANCELLED'] CLEARED",
        "False",
    ]


def test_an_early_approval_counts_for_that_submission_and_never_for_the_next(program: Program) -> None:
    assert program("gate_early.py") == [
        "DAG_ACCEPTED PENDING",
        "OK PENDING",
        "['COMPLETED', 'COMPLETED']",
        "WAITING COMPLETED PENDING",
        "''",
        "['FAILED', 'CANCELLED']",
    ]


def test_a_decision_has_the_callers_name_and_needs_the_callers_rights(program: Program) -> None:
    opened, asked, agent, refused, approved, decision = program("gate_rights.py")
    assert (opened, asked) == ("DAG_ACCEPTED", "DAG_ACCEPTED ['COMPLETED']")
    assert agent == "ERROR: RUNNING"
    assert refused.startswith("ERROR: ")
    assert "approvers" in refused
    assert (approved, decision) == ("True ['COMPLETED']", "True Approve looks fine")

"""What an auditor reads of a gate."""

import logging

import pytest
from builders.operators.records import NOW, a_job, an_approval, seeing_gate
from titan_operator.cluster.audit import AUDIT_LOGGER, record_decisions
from titan_operator.logs import OncePerWhile
from titan_operator.plan.approvals import plan_approval
from titan_operator.records import Decision, JobStatus

DONE = a_job(spec={"approval": {}}, status=JobStatus(phase="Succeeded", attempt=1, completed=NOW, approval="Pending"))


def test_each_decision_and_the_verdict_are_one_line_each(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    gate = an_approval(
        DONE, Decision("ann", "Approve"), Decision("bob", "Approve", "fine\ngate x: Rejected"), required=2
    )
    status = plan_approval(seeing_gate(gate, DONE)).status
    assert status is not None
    record_decisions(gate, status)
    assert caplog.messages == [
        'gate default/d-a: Approve by "ann" at 2026-01-02T03:04:05.000000Z, comment ""',
        'gate default/d-a: Approve by "bob" at 2026-01-02T03:04:05.000000Z, comment "fine\\ngate x: Rejected"',
        'gate default/d-a: Approved (Approved) by "ann", "bob" at 2026-01-02T03:04:05.000000Z, job "d-a", round 1',
    ]
    caplog.clear()
    record_decisions(an_approval(DONE, status=status), status)
    assert caplog.messages == []


def test_a_line_for_the_auditor_is_never_left_out_as_old_news() -> None:
    once = OncePerWhile()
    line = logging.LogRecord(AUDIT_LOGGER, logging.INFO, "", 0, "gate", (), None)
    assert [once.filter(line), once.filter(line)] == [True, True]

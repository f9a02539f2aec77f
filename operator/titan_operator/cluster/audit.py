"""The audit log of gates: one line for each decision and each verdict, besides the object and its Event.

A line is written after the status has been stored, so it never reports what did not happen. What people wrote is
quoted as JSON, so no comment can forge a line.
"""

import json
import logging

from titan_api.times import format_time
from titan_api.verdicts import FINAL_VERDICTS
from titan_operator.records import ApprovalRecord, ApprovalStatus

AUDIT_LOGGER = "titan_operator.audit"
"""Its lines are always written, whatever the log level, and never left out as repetitions (see logs.py)."""
log = logging.getLogger(AUDIT_LOGGER)


def record_decisions(gate: ApprovalRecord, status: ApprovalStatus) -> None:
    """Log what is new in the status of a gate."""
    where = f"gate {gate.meta.namespace}/{gate.meta.name}"
    before = {decision.user for decision in gate.status.decisions}
    for decision in status.decisions:
        if decision.user not in before and decision.time is not None:
            user, comment = json.dumps(decision.user), json.dumps(decision.comment)
            moment = format_time(decision.time)
            log.info("%s: %s by %s at %s, comment %s", where, decision.verdict, user, moment, comment)
    if status.phase in FINAL_VERDICTS and gate.status.phase not in FINAL_VERDICTS and status.decided is not None:
        people = ", ".join(map(json.dumps, status.decided_by)) or "nobody"
        why = status.conditions[-1]
        log.info(
            "%s: %s (%s) by %s at %s, job %s, round %d",
            where, status.phase, why.reason, people, format_time(status.decided), json.dumps(gate.job), gate.round,
        )  # fmt: skip

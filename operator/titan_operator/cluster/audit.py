"""Who said what about a gate, and what became of it: one line each in the log, besides the object and its Event.

Written after the status that says so is stored, so a line never tells of what did not happen. What people wrote is
quoted as JSON: no comment can look like a line of its own.
"""

import json
import logging

from titan_operator.records import FINAL_VERDICTS, ApprovalRecord, ApprovalStatus, format_time

AUDIT_LOGGER = "titan_operator.cluster.audit"
"""Its lines are always written, each of them (see logs.py)."""
log = logging.getLogger(AUDIT_LOGGER)


def record_decisions(gate: ApprovalRecord, status: ApprovalStatus) -> None:
    """What is new in the status of a gate."""
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

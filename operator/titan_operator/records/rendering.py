"""Records -> raw JSON status, as a merge patch: an absent value is null there, which removes what stood before.

Inside lists nothing is null: a merge patch replaces them as they are, and the schema knows no null.
"""

from datetime import datetime
from typing import Any

from titan_api.json_types import Json
from titan_api.times import format_time
from titan_operator import records

COUNTED_PHASES = ("pending", "running", "serving", "succeeded", "failed", "cancelled")
LARGEST_EXIT_CODE = 1_000


def render_status(
    record: records.DAGRecord | records.JobRecord | records.ApprovalRecord,
    status: records.DAGStatus | records.JobStatus | records.ApprovalStatus,
) -> Json:
    """The new status of an object."""
    match status:
        case records.DAGStatus():
            own = _dag(status)
        case records.JobStatus():
            own = _job(status)
        case records.ApprovalStatus():
            own = _approval(status)
    own["observedGeneration"] = status.observed_generation
    own["phase"] = status.phase
    own["conditions"] = [condition.to_dict(record.meta.generation) for condition in status.conditions]
    return own


def _dag(status: records.DAGStatus) -> Json:
    return {
        "run": status.run,
        "sealedJobCount": status.sealed_job_count,
        "counts": {phase: status.counts.get(phase, 0) for phase in COUNTED_PHASES},
        "waitingApprovals": status.waiting_approvals,
        "progress": status.progress,
        "startTime": _time(status.started),
        "completionTime": _time(status.completed),
    }


def _job(status: records.JobStatus) -> Json:
    return {
        "run": status.run,
        "attempt": status.attempt,
        "failures": status.failures,
        "infrastructureFailures": status.infrastructure_failures,
        "attempts": [_attempt(attempt) for attempt in status.attempts],
        "nodeName": status.node,
        "readyTime": _time(status.ready),
        "startTime": _time(status.started),
        "completionTime": _time(status.completed),
        "parentOutcomes": [_parent_outcome(outcome) for outcome in status.parent_outcomes],
        "approval": status.approval,
        "address": status.address,
    }


def _approval(status: records.ApprovalStatus) -> Json:
    return {
        "openTime": _time(status.opened),
        "deadline": _time(status.deadline),
        "decidedTime": _time(status.decided),
        "decidedBy": list(status.decided_by),
        "decisions": [_decision(decision) for decision in status.decisions],
        "unproven": list(status.unproven),
    }


def _attempt(attempt: records.Attempt) -> Json:
    code = attempt.exit_code
    return _present(
        number=attempt.number,
        pod=attempt.pod,
        podUid=attempt.pod_uid,
        nodeName=attempt.node,
        startTime=_time(attempt.started),
        endTime=_time(attempt.ended),
        exitCode=max(-LARGEST_EXIT_CODE, min(code, LARGEST_EXIT_CODE)) if code is not None else None,
        reason=attempt.reason,
        message=attempt.message,
    )


def _parent_outcome(outcome: records.ParentOutcome) -> Json:
    inputs = [{"job": one.job_uid, "attempt": one.attempt} for one in outcome.inputs]
    return _present(
        jobID=outcome.job_id, nodeName=outcome.node, completionTime=_time(outcome.completed), inputs=inputs or None
    )


def _decision(decision: records.Decision) -> Json:
    return _present(user=decision.user, verdict=decision.verdict, comment=decision.comment, time=_time(decision.time))


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment is not None else None


def _present(**fields: Any) -> Json:
    return {field: value for field, value in fields.items() if value is not None}

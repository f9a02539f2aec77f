"""Raw JSON of the three kinds -> records, and back-stops for what a record must have.

Nothing here raises on what the API server has admitted: optional fields get the CRD's defaults (an object may be
older than a default), unreadable ones count as absent. What has no identity (no uid, say) is no object: ValueError.
"""

from typing import Any

from titan_api import defaults
from titan_api.json_types import Raw
from titan_api.times import EPOCH, parse_time
from titan_operator import records


def parse_meta(raw: Raw) -> records.Meta:
    """The part of metadata that matters. Raises ValueError for something without identity."""
    meta = raw.get("metadata")
    if not isinstance(meta, dict) or not meta.get("uid") or not meta.get("name"):
        raise ValueError("an object without name and uid")
    owners = [owner for owner in meta.get("ownerReferences") or [] if owner.get("controller")]
    return records.Meta(
        namespace=meta.get("namespace", ""),
        name=meta["name"],
        uid=meta["uid"],
        resource_version=int(meta.get("resourceVersion") or 0),
        generation=int(meta.get("generation") or 0),
        created=parse_time(meta.get("creationTimestamp")) or EPOCH,
        deleting=bool(meta.get("deletionTimestamp")),
        labels=meta.get("labels") or {},
        owner_uid=owners[0].get("uid") if owners else None,
    )


def parse_dag(raw: Raw) -> records.DAGRecord:
    """A TitanDAG."""
    spec = _part(raw, "spec")
    workspace = _part(spec, "workspace")
    return records.DAGRecord(
        meta=parse_meta(raw),
        job_count=spec.get("jobCount"),
        run=int(spec.get("run") or 1),
        suspend=bool(spec.get("suspend")),
        cancel=bool(spec.get("cancel")),
        agent_run_id=spec.get("agentRunID"),
        requested_by=spec.get("requestedBy"),
        status=_dag_status(_part(raw, "status")),
        max_parallel=spec.get("maxParallel"),
        ttl_seconds=int(
            defaults.DAG_TTL_SECONDS if spec.get("ttlSecondsAfterFinished") is None else spec["ttlSecondsAfterFinished"]
        ),
        workspace_mode=workspace.get("mode") or defaults.WORKSPACE_MODE,
        workspace_claim=workspace.get("claimName"),
    )


def parse_job(raw: Raw) -> records.JobRecord:
    """A TitanJob."""
    spec = _part(raw, "spec")
    return records.JobRecord(
        meta=parse_meta(raw),
        dag=spec.get("dag"),
        job_id=spec.get("jobID", ""),
        parents=tuple(
            records.ParentRef(parent.get("jobID", ""), parent.get("name"), parent.get("uid"))
            for parent in spec.get("parents") or []
        ),
        suspend=bool(spec.get("suspend")),
        cancel=bool(spec.get("cancel")),
        spec=spec,
        status=_job_status(_part(raw, "status")),
    )


def parse_approval(raw: Raw) -> records.ApprovalRecord:
    """A TitanApproval."""
    spec = _part(raw, "spec")
    subject = _part(spec, "subject")
    return records.ApprovalRecord(
        meta=parse_meta(raw),
        job=subject.get("job", ""),
        job_uid=subject.get("uid", ""),
        message=spec.get("message", ""),
        timeout_seconds=int(spec.get("timeoutSeconds") or defaults.GATE_TIMEOUT_SECONDS),
        required_approvals=int(spec.get("requiredApprovals") or defaults.REQUIRED_APPROVALS),
        decisions=tuple(map(_decision, spec.get("decisions") or [])),
        status=_approval_status(_part(raw, "status")),
        dag=spec.get("dag"),
        round=int(subject.get("round") or 1),
    )


def _dag_status(status: Raw) -> records.DAGStatus:
    return records.DAGStatus(
        phase=status.get("phase") or "Pending",
        run=int(status.get("run") or 0),
        sealed_job_count=int(status.get("sealedJobCount") or 0),
        # Zeros are dropped, as the planner drops them: a written status must read back as equal, or it is written again.
        counts={phase: number for phase, number in _part(status, "counts").items() if number},
        waiting_approvals=int(status.get("waitingApprovals") or 0),
        progress=status.get("progress") or "",
        started=parse_time(status.get("startTime")),
        completed=parse_time(status.get("completionTime")),
        conditions=_conditions(status),
        observed_generation=int(status.get("observedGeneration") or 0),
    )


def _job_status(status: Raw) -> records.JobStatus:
    return records.JobStatus(
        phase=status.get("phase") or "Pending",
        run=int(status.get("run") or 0),
        attempt=int(status.get("attempt") or 0),
        failures=int(status.get("failures") or 0),
        infrastructure_failures=int(status.get("infrastructureFailures") or 0),
        attempts=tuple(map(_attempt, status.get("attempts") or [])),
        node=status.get("nodeName"),
        ready=parse_time(status.get("readyTime")),
        started=parse_time(status.get("startTime")),
        completed=parse_time(status.get("completionTime")),
        approval=status.get("approval"),
        conditions=_conditions(status),
        observed_generation=int(status.get("observedGeneration") or 0),
        parent_outcomes=tuple(map(_parent_outcome, status.get("parentOutcomes") or [])),
        address=status.get("address"),
    )


def _attempt(raw: Raw) -> records.Attempt:
    return records.Attempt(
        number=int(raw.get("number") or 0),
        pod=raw.get("pod", ""),
        pod_uid=raw.get("podUid"),
        node=raw.get("nodeName"),
        started=parse_time(raw.get("startTime")),
        ended=parse_time(raw.get("endTime")),
        exit_code=raw.get("exitCode"),
        reason=raw.get("reason"),
        message=raw.get("message"),
    )


def _parent_outcome(raw: Raw) -> records.ParentOutcome:
    inputs = tuple(
        records.WorkspaceInput(one.get("job", ""), int(one.get("attempt") or 0)) for one in raw.get("inputs") or ()
    )
    return records.ParentOutcome(
        raw.get("jobID", ""), raw.get("nodeName"), parse_time(raw.get("completionTime")), inputs
    )


def _approval_status(status: Raw) -> records.ApprovalStatus:
    return records.ApprovalStatus(
        phase=status.get("phase") or "Scheduled",
        opened=parse_time(status.get("openTime")),
        deadline=parse_time(status.get("deadline")),
        decided=parse_time(status.get("decidedTime")),
        decided_by=tuple(status.get("decidedBy") or ()),
        decisions=tuple(map(_decision, status.get("decisions") or [])),
        unproven=tuple(status.get("unproven") or ()),
        conditions=_conditions(status),
        observed_generation=int(status.get("observedGeneration") or 0),
    )


def _decision(raw: Raw) -> records.Decision:
    return records.Decision(
        raw.get("user", ""), raw.get("verdict", ""), raw.get("comment") or "", parse_time(raw.get("time"))
    )


def _conditions(status: Raw) -> tuple[records.Condition, ...]:
    return tuple(
        records.Condition(
            type=raw.get("type", ""),
            status=raw.get("status", ""),
            reason=raw.get("reason", ""),
            message=raw.get("message") or "",
            since=parse_time(raw.get("lastTransitionTime")) or EPOCH,
        )
        for raw in status.get("conditions") or []
    )


def _part(raw: Raw, field: str) -> dict[str, Any]:
    """An object inside an object; empty where it is absent."""
    return raw.get(field) or {}

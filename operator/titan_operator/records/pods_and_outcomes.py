"""Raw JSON -> records, of what shows how jobs fare: Pods, Deployments, and the runner's outcomes in the store."""

from collections.abc import Mapping
from typing import Any

from titan_api import names
from titan_api.json_types import Raw
from titan_api.times import parse_time
from titan_operator.records import DeploymentRecord, Outcome, PodRecord, Termination
from titan_operator.records.parsing import parse_meta

STARTING_REASONS = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons of a waiting container that are the ordinary course of things."""


def parse_pod(raw: Raw) -> PodRecord:
    """A Pod. The job is its controlling owner: labels can be written by anybody who makes pods.

    Only what a service's pod says of itself is taken by its label: it explains, and decides nothing.
    """
    meta = parse_meta(raw)
    status: Mapping[str, Any] = raw.get("status") or {}
    conditions = {condition.get("type"): condition for condition in status.get("conditions") or []}
    container = _container(status)
    state, former = container.get("state") or {}, container.get("lastState") or {}
    owner = _owner(raw)
    return PodRecord(
        meta=meta,
        job=owner.get("name", ""),
        job_uid=owner.get("uid", ""),
        attempt=_number(meta.labels.get(names.LABEL_ATTEMPT)),
        phase=status.get("phase") or "Pending",
        reason=status.get("reason") or "",
        message=status.get("message") or "",
        node=(raw.get("spec") or {}).get("nodeName") or None,
        started=parse_time(status.get("startTime")),
        disrupted=conditions.get("DisruptionTarget", {}).get("status") == "True",
        unschedulable=_unschedulable(conditions.get("PodScheduled", {})),
        waiting=_waiting(state.get("waiting") or {}) or _initial_wait(status),
        termination=_termination(state.get("terminated") or former.get("terminated")),
        serves="" if owner else meta.labels.get(names.LABEL_JOB_UID, ""),
    )


def parse_deployment(raw: Raw) -> DeploymentRecord:
    """A Deployment."""
    meta = parse_meta(raw)
    status: Mapping[str, Any] = raw.get("status") or {}
    is_current = int(status.get("observedGeneration") or 0) >= meta.generation
    return DeploymentRecord(
        meta=meta,
        job_uid=_owner(raw).get("uid", ""),
        is_available=is_current and int(status.get("availableReplicas") or 0) > 0,
        trouble=_trouble(status.get("conditions") or []),
    )


def parse_outcome(attempt: int, raw: Raw) -> Outcome:
    """The store's record of one attempt."""
    code = raw.get("exitCode")
    return Outcome(
        attempt=attempt,
        phase=str(raw.get("phase") or ""),
        exit_code=code if isinstance(code, int) else None,
        reason=str(raw.get("reason") or names.REASON_ERROR),
        message=str(raw.get("message") or ""),
        started=parse_time(raw.get("startTime")),
        ended=parse_time(raw.get("endTime")),
        conflicts=tuple(map(str, raw.get("conflicts") or ())),
    )


def _owner(raw: Raw) -> Mapping[str, Any]:
    for owner in raw["metadata"].get("ownerReferences") or []:
        if owner.get("controller") and owner.get("kind") == names.KIND_JOB:
            return dict(owner)
    return {}


def _container(status: Raw) -> Mapping[str, Any]:
    """The job's own container: sidecars that somebody injects neither start nor end an attempt."""
    containers = status.get("containerStatuses") or []
    own = [container for container in containers if container.get("name") == "job"] or containers
    return own[0] if own else {}


def _trouble(conditions: list[Raw]) -> str:
    failures = [c for c in conditions if c.get("type") == "ReplicaFailure" and c.get("status") == "True"]
    return str(failures[0].get("message") or failures[0].get("reason") or "") if failures else ""


def _unschedulable(scheduled: Raw) -> str | None:
    if scheduled.get("status") == "False" and scheduled.get("reason") == "Unschedulable":
        return scheduled.get("message") or "no node takes the pod"
    return None


def _initial_wait(status: Raw) -> str | None:
    """Why the init container that brings the runner does not start."""
    states = [container.get("state") or {} for container in status.get("initContainerStatuses") or []]
    return next(filter(None, (_waiting(state.get("waiting") or {}) for state in states)), None)


def _waiting(state: Raw) -> str | None:
    reason = state.get("reason")
    if not reason or reason in STARTING_REASONS:
        return None
    return f"{reason}: {state['message']}" if state.get("message") else str(reason)


def _termination(state: Raw | None) -> Termination | None:
    if state is None:
        return None
    return Termination(
        exit_code=int(state.get("exitCode") or 0),
        reason=state.get("reason") or "",
        message=state.get("message") or "",
        finished=parse_time(state.get("finishedAt")),
    )


def _number(text: str | None) -> int:
    """A label's number; 0 for what is none, which no attempt has."""
    return int(text) if text is not None and text.isdecimal() else 0

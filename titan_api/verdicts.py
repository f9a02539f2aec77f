"""What the decisions about a gate amount to. SDK and store say it before the operator has written it into the status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from titan_api.defaults import REQUIRED_APPROVALS

APPROVE, REJECT = "Approve", "Reject"
FINAL_PHASES = frozenset({"Approved", "Rejected", "TimedOut"})


def fold(decisions: Sequence[Mapping[str, Any]], required: int) -> str | None:
    """The verdict of decisions in their order, as the operator will find it; None while the gate stays open."""
    approved: set[str] = set()
    for decision in decisions:
        if decision["verdict"] == REJECT:
            return "Rejected"
        approved.add(decision["user"])
        if len(approved) >= required:
            return "Approved"
    return None


def verdict_of(approval: Mapping[str, Any]) -> str:
    """The gate's phase, or what it will be as soon as the operator has seen the decisions that are recorded."""
    status = approval.get("status") or {}
    phase = str(status.get("phase") or "Scheduled")
    if phase in FINAL_PHASES:
        return phase
    unproven = status.get("unproven") or ()
    counted = [given for given in approval["spec"].get("decisions") or () if given["user"] not in unproven]
    return fold(counted, approval["spec"].get("requiredApprovals") or REQUIRED_APPROVALS) or phase

"""What the decisions about a gate amount to: the operator writes it, SDK and store say it before it is in the status."""

from __future__ import annotations

from collections.abc import Iterable

from titan_api.defaults import REQUIRED_APPROVALS
from titan_api.json_types import Raw

APPROVE, REJECT = "Approve", "Reject"
FINAL_VERDICTS = frozenset({"Approved", "Rejected", "TimedOut"})
"""Phases of a gate that never change."""


def fold(decisions: Iterable[tuple[str, str]], required: int) -> str | None:
    """The verdict of users and what they decided, in their order; None while the gate stays open.

    Any rejection ends it, enough distinct approvals approve it.
    """
    approved: set[str] = set()
    for user, decided in decisions:
        if decided == REJECT:
            return "Rejected"
        approved.add(user)
        if len(approved) >= required:
            return "Approved"
    return None


def verdict_of(approval: Raw) -> str:
    """The gate's phase, or what it will be as soon as the operator has seen the decisions that are recorded."""
    status = approval.get("status") or {}
    phase = str(status.get("phase") or "Scheduled")
    if phase in FINAL_VERDICTS:
        return phase
    unproven = status.get("unproven") or ()
    counted = [
        (given["user"], given["verdict"])
        for given in approval["spec"].get("decisions") or ()
        if given["user"] not in unproven
    ]
    return fold(counted, approval["spec"].get("requiredApprovals") or REQUIRED_APPROVALS) or phase

"""When a child goes on, and what stops it: what a job is to its children, by its phase and the gate behind it.

``verdict`` is the state of that gate everywhere here; None where there is no gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from titan_api import names


class Standing(Enum):
    """What a child makes of its parent."""

    ABSENT = "never seen"
    DEPARTED = "was there, and is gone"
    WAITING = "not done"
    GATED = "has succeeded, and its gate is not decided"
    DONE = "lets its children go"
    FAILED = "failed or was cancelled"
    REJECTED = "its gate was rejected"
    TIMED_OUT = "its gate timed out"


STOPPING: Mapping[Standing, str] = {
    Standing.FAILED: names.REASON_PARENT_FAILED,
    Standing.REJECTED: names.REASON_GATE_REJECTED,
    Standing.TIMED_OUT: names.REASON_GATE_TIMED_OUT,
    Standing.DEPARTED: names.REASON_PARENT_MISSING,
}
"""Parents that keep a child from ever starting, with the reason that its condition gives."""
_WORDS: Mapping[str, str] = {
    names.REASON_PARENT_FAILED: "failed or was cancelled",
    names.REASON_GATE_REJECTED: "was rejected",
    names.REASON_GATE_TIMED_OUT: "was not approved in time",
    names.REASON_PARENT_MISSING: "was deleted",
}


def lets_children_go(phase: str, verdict: str | None) -> bool:
    """Whether a job has succeeded and, where there is a gate, was approved. A service that answers counts as done."""
    return phase == "Serving" or (phase == "Succeeded" and verdict in (None, "Approved"))


def stops_children(phase: str, verdict: str | None) -> bool:
    """Whether a job failed or was cancelled, or its gate was rejected or timed out."""
    return phase in ("Failed", "Cancelled") or verdict in ("Rejected", "TimedOut")


def is_settled(phase: str, verdict: str | None) -> bool:
    """Whether a job has ended and nothing more happens at the gate behind it."""
    return phase in ("Failed", "Cancelled") or (phase == "Succeeded" and verdict not in ("Scheduled", "Pending"))


def judge(phase: str, verdict: str | None, *, cancelled: bool) -> Standing:
    """What a job that is there is to its children. The gate of one that was ``cancelled`` is rejected by nobody."""
    if lets_children_go(phase, verdict):
        return Standing.DONE
    if verdict == "TimedOut":
        return Standing.TIMED_OUT
    if verdict == "Rejected" and not cancelled:
        return Standing.REJECTED
    if stops_children(phase, verdict):
        return Standing.FAILED
    return Standing.GATED if phase == "Succeeded" else Standing.WAITING


def say_what_stopped(job_id: str, reason: str) -> str:
    """The message of a child that never starts: the parent that stopped it, and why, which is one of STOPPING."""
    return f'the parent "{job_id}" {_WORDS[reason]}'

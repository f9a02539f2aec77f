"""Moments as the Kubernetes API and the store write them."""

from __future__ import annotations

from datetime import datetime, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""Stands in for a moment that must be there and cannot be read."""


def format_time(moment: datetime) -> str:
    """MicroTime: RFC 3339 in UTC with six digits behind the second."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def format_second(moment: datetime) -> str:
    """metav1.Time: RFC 3339 in UTC with whole seconds."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: object) -> datetime | None:
    """A Time or MicroTime, in UTC where it names no zone; None for an absent or unreadable one."""
    if not isinstance(text, str):
        return None
    try:
        # Python knows the letter Z since 3.11 only.
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)

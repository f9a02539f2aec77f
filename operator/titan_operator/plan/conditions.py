"""Conditions as in metav1.Condition: the transition time moves only when the status does."""

from datetime import datetime

from titan_operator.records import Condition


def with_condition(
    conditions: tuple[Condition, ...], kind: str, status: bool, reason: str, message: str, now: datetime
) -> tuple[Condition, ...]:
    """The conditions with one of them set."""
    text = "True" if status else "False"
    before = find_condition(conditions, kind)
    since = before.since if before is not None and before.status == text else now
    others = tuple(condition for condition in conditions if condition.type != kind)
    return (*others, Condition(kind, text, reason, message[:4096], since))


def without_condition(conditions: tuple[Condition, ...], kind: str) -> tuple[Condition, ...]:
    """The conditions without one of them."""
    return tuple(condition for condition in conditions if condition.type != kind)


def find_condition(conditions: tuple[Condition, ...], kind: str) -> Condition | None:
    """The condition of that type, if it was ever set."""
    return next((condition for condition in conditions if condition.type == kind), None)

"""Moments as the clock tells them, and as the database keeps them: microseconds since 1970."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from titan_api.times import EPOCH

Clock = Callable[[], datetime]
"""Tells the time in UTC; injected, so that tests need not wait."""

_MICROSECOND = timedelta(microseconds=1)


def read_clock() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """An integer that sorts as the moments do."""
    return (moment - EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    """The moment of ``to_microseconds``."""
    return EPOCH + number * _MICROSECOND

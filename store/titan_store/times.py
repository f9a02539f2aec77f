"""Moments as the API writes them (MicroTime) and as the database keeps them (microseconds since 1970)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the time in UTC; injected, so that tests need not wait."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def read_clock() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC with six digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_microseconds(moment: datetime) -> int:
    """An integer that sorts as the moments do."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(number: int) -> datetime:
    """The moment of ``to_microseconds``."""
    return _EPOCH + number * _MICROSECOND

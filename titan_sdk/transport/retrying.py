"""Trying again when a server is away for a moment: quick, few, and only where a repetition is harmless.

A component of Titan that dies is back within a second or two; a server that is still silent after a few seconds
is reported, never waited for without end.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from titan_sdk.errors import TitanNotConfigured, TitanUnavailable

T = TypeVar("T")


class Clock(Protocol):
    """Time as the SDK sees it, so that tests need not wait."""

    def now(self) -> float:
        """Seconds from any fixed point; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class SystemClock:
    """The real one."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True)
class Patience:
    """How long and how often: no new try begins later than ``seconds`` after the first failure."""

    seconds: float = 5.0
    first_pause: float = 0.05
    longest_pause: float = 1.0


PATIENCE = Patience()
NO_PATIENCE = Patience(seconds=0.0)


class Backoff:
    """Growing pauses of one series of tries, with jitter so that many clients do not come back together."""

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._pause = patience.first_pause

    def next(self) -> float:
        """The next pause in seconds."""
        pause, self._pause = self._pause, min(self._pause * 2, self._patience.longest_pause)
        return pause * random.uniform(0.5, 1.0)


def insist(attempt: Callable[[], T], clock: Clock, *, idempotent: bool, patience: Patience = PATIENCE) -> T:
    """The attempt's result; TitanUnavailable is retried, everything else passes through.

    What is not idempotent is repeated only if the failed try certainly did nothing.
    """
    backoff = Backoff(patience)
    deadline: float | None = None
    while True:
        try:
            return attempt()
        except TitanNotConfigured:
            raise
        except TitanUnavailable as error:
            deadline = clock.now() + patience.seconds if deadline is None else deadline
            pause = max(backoff.next(), error.retry_after or 0.0)
            if (error.maybe_done and not idempotent) or clock.now() + pause > deadline:
                raise
        clock.sleep(pause)

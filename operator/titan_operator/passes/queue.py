"""Which keys wait for a pass: each at most once, never two passes of one key at a time.

A plain data structure: the time is an argument, nothing here sleeps. ``workers.py`` runs the passes.
"""

import heapq
import random
from collections.abc import Callable, Sequence

from titan_operator.records import Key

FIRST_BACKOFF_SECONDS = 0.1
LONGEST_BACKOFF_SECONDS = 10.0


class Queue:
    """First-in first-out, with timers and a back-off per key."""

    def __init__(self, jitter: Callable[[], float] = lambda: random.uniform(0.5, 1.5)) -> None:
        self._jitter = jitter
        self._waiting: dict[Key, float] = {}
        """Since when each key waits, in the order of arrival."""
        self._running: set[Key] = set()
        self._woken_while_running: dict[Key, float] = {}
        self._timers: list[tuple[float, Key]] = []
        self._due: dict[Key, float] = {}
        """The one valid timer of each key; other entries of the heap are stale."""
        self._failures: dict[Key, int] = {}
        self._blocked_until: dict[Key, float] = {}
        """A key that failed is left alone until then, whatever wakes it."""

    def add(self, key: Key, now: float) -> None:
        """Something about the key has changed."""
        if key in self._running:
            self._woken_while_running.setdefault(key, now)
        elif now < self._blocked_until.get(key, now):
            return  # Its timer is set, and brings it back.
        else:
            self._due.pop(key, None)
            self._waiting.setdefault(key, now)

    def clear(self) -> None:
        """Forget whatever waits; passes that run come to their end."""
        self._waiting.clear()
        self._due.clear()
        self._timers.clear()
        self._woken_while_running.clear()
        self._failures.clear()
        self._blocked_until.clear()

    def add_in_order(self, keys: Sequence[Key], now: float) -> None:
        """Something has changed for several keys, the most urgent first: those that wait already follow that order."""
        for key in keys:
            self.add(key, now)
        for key in keys if len(keys) > 1 else ():
            if key in self._waiting:
                self._waiting[key] = self._waiting.pop(key)

    def take(self, now: float) -> Key | None:
        """The next key for a pass; call ``done`` or ``failed`` after it."""
        self._ring(now)
        if not self._waiting:
            return None
        key = next(iter(self._waiting))
        del self._waiting[key]
        self._running.add(key)
        return key

    def done(self, key: Key, now: float, requeue_after: float | None = None) -> None:
        """The pass went well; look again after so many seconds even if nothing happens."""
        self._failures.pop(key, None)
        self._blocked_until.pop(key, None)
        self._running.discard(key)
        since = self._woken_while_running.pop(key, None)
        if since is not None:
            self._waiting.setdefault(key, since)
        elif requeue_after is not None:
            self._set_timer(key, now + max(requeue_after, 0.0))

    def failed(self, key: Key, now: float, retry_after: float | None = None) -> float:
        """The pass failed; the seconds until it is tried again, doubling each time, never sooner than asked for."""
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        delay = min(FIRST_BACKOFF_SECONDS * 2.0 ** min(failures - 1, 16), LONGEST_BACKOFF_SECONDS) * self._jitter()
        delay = max(delay, retry_after or 0.0)
        self._running.discard(key)
        self._woken_while_running.pop(key, None)
        self._blocked_until[key] = now + delay
        self._set_timer(key, now + delay)
        return delay

    def next_due(self) -> float | None:
        """When the next timer rings; None if none is set."""
        while self._timers and self._due.get(self._timers[0][1]) != self._timers[0][0]:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    @property
    def depth(self) -> int:
        """Keys that wait for a pass."""
        return len(self._waiting)

    def oldest_age(self, now: float) -> float:
        """Seconds that a key has waited at most."""
        return now - min(self._waiting.values()) if self._waiting else 0.0

    def _set_timer(self, key: Key, due: float) -> None:
        self._due[key] = due
        heapq.heappush(self._timers, (due, key))

    def _ring(self, now: float) -> None:
        while (due := self.next_due()) is not None and due <= now:
            _, key = heapq.heappop(self._timers)
            del self._due[key]
            self._blocked_until.pop(key, None)
            if key in self._running:
                self._woken_while_running.setdefault(key, now)
            else:
                self._waiting.setdefault(key, now)

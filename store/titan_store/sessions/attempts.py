"""Limits how often signing in may fail: somebody who guesses is refused before the API server is asked."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from titan_store.errors import TooManyAttempts, Unauthenticated

WINDOW = timedelta(minutes=1)
MOST = 30
"""Failures from one address within the window; people behind one proxy share it."""
ADDRESSES = 10_000


class Attempts:
    """Failures by address."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}

    @contextmanager
    def counted(self, address: str, now: datetime) -> Iterator[None]:
        """An attempt for the duration of the block: it counts as a failure until it has succeeded.

        So many at the same time are no way around the limit. Raises TooManyAttempts.
        """
        failures = self._recent(address, now)
        if len(failures) >= MOST:
            raise TooManyAttempts("Signing in has failed too often from your address; try again in a minute.")
        failures.append(now)
        try:
            yield
        except Unauthenticated:
            raise
        except BaseException:
            self._forgive(address, now)  # Nobody knows whether it would have been right.
            raise
        self._forgive(address, now)

    def _recent(self, address: str, now: datetime) -> deque[datetime]:
        failures = self._failures.setdefault(address, deque())
        while failures and failures[0] <= now - WINDOW:
            failures.popleft()
        while len(self._failures) > ADDRESSES:
            del self._failures[next(iter(self._failures))]
        return failures

    def _forgive(self, address: str, moment: datetime) -> None:
        failures = self._failures.get(address, deque())
        if moment in failures:
            failures.remove(moment)
        if not failures:
            self._failures.pop(address, None)

"""Limits the streams of changes that one person keeps open: a tab has one, and a loop must not fill the store."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from titan_store.errors import TooManyStreams

MOST_STREAMS = 200
"""Of one identity; all who have only a client certificate count as one."""


class Audience:
    """Made once per process."""

    def __init__(self) -> None:
        self._streams: Counter[str] = Counter()

    @contextmanager
    def seat(self, person: str) -> Iterator[None]:
        """A place for the duration of the block. Raises TooManyStreams."""
        if self._streams[person] >= MOST_STREAMS:
            raise TooManyStreams(f"{person} already has {MOST_STREAMS} streams of changes open; close some pages.")
        self._streams[person] += 1
        try:
            yield
        finally:
            self._streams[person] -= 1
            if not self._streams[person]:
                del self._streams[person]

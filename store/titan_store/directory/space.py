"""Refuses growth shortly before the disk is full, so that outcomes and deletions still find room."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from titan_store.errors import InsufficientStorage

FreeBytes = Callable[[], int]


TRUSTED_SECONDS = 0.05
AMPLE = 16
"""With this many times the reserve free, an answer holds for a moment, because no disk fills that fast."""


class Space:
    """Asked before everything that grows, so it asks the file system only if the answer may matter."""

    def __init__(self, free_bytes: FreeBytes, reserve_bytes: int) -> None:
        self._free_bytes = free_bytes
        self._reserve_bytes = reserve_bytes
        self._trusted_until = 0.0
        self._known = 0

    def check(self, wanted: int = 0) -> None:
        """Raises InsufficientStorage if this many bytes would use up some of the reserve."""
        now = time.monotonic()
        if now >= self._trusted_until or wanted:
            self._known = self._free_bytes()
            self._trusted_until = now + TRUSTED_SECONDS if self._known > AMPLE * self._reserve_bytes else 0.0
        free = self._known
        if free - wanted < self._reserve_bytes:
            raise InsufficientStorage(
                f"The store's disk is full: {free} bytes are free, {self._reserve_bytes} of them are kept in reserve."
            )


def measure(directory: Path) -> FreeBytes:
    """The real question, for the file system of a directory."""
    return lambda: shutil.disk_usage(directory).free

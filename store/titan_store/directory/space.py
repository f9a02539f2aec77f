"""Refusing to grow a little before the disk is full, so that outcomes and deletions still find room."""

import shutil
from collections.abc import Callable
from pathlib import Path

from titan_store.errors import InsufficientStorage

FreeBytes = Callable[[], int]


class Space:
    """Asked before everything that grows. One question costs microseconds."""

    def __init__(self, free_bytes: FreeBytes, reserve_bytes: int) -> None:
        self._free_bytes = free_bytes
        self._reserve_bytes = reserve_bytes

    def check(self, wanted: int = 0) -> None:
        """Raises InsufficientStorage if so many bytes would eat into the reserve."""
        free = self._free_bytes()
        if free - wanted < self._reserve_bytes:
            raise InsufficientStorage(
                f"The store's disk is full: {free} bytes are free, {self._reserve_bytes} of them are kept in reserve."
            )


def measure(directory: Path) -> FreeBytes:
    """The real question, for the file system of a directory."""
    return lambda: shutil.disk_usage(directory).free

"""Output on its way to the store: in a file, so that a store that is away costs disk and not memory."""

from __future__ import annotations

import os
import threading
import time

KEPT_BYTES = 4 * 1024 * 1024
"""Shipped bytes that may lie in the file before it is emptied."""
FULL_DISK_PAUSE = 0.2


class Spool:
    """Bytes by their offset in the whole log. One thread appends, another reads and releases."""

    def __init__(self, directory: str) -> None:
        path = os.path.join(directory, f".titan-log-{os.getpid()}-{os.urandom(4).hex()}")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.unlink(path)
        self._lock = threading.Lock()
        self._base = 0
        self.end = 0
        """How many bytes were appended in all."""

    def append(self, data: bytes) -> None:
        """Add output. A full disk makes the program wait, until what was shipped made room."""
        while data:
            with self._lock:
                try:
                    written = os.pwrite(self._file, data, self.end - self._base)
                except OSError:
                    written = 0
                self.end += written
            data = data[written:]
            if not written:
                time.sleep(FULL_DISK_PAUSE)

    def read(self, offset: int, limit: int) -> bytes:
        """Output from an offset on that was not released; empty at the end."""
        with self._lock:
            return os.pread(self._file, limit, offset - self._base) if offset >= self._base else b""

    def release(self, offset: int) -> None:
        """Everything before the offset is in the store."""
        with self._lock:
            if offset == self.end and self.end - self._base > KEPT_BYTES:
                os.ftruncate(self._file, 0)
                self._base = self.end

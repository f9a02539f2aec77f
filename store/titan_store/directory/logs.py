"""Logs: one append-only file per attempt, and the index that says how much of it is durable.

The index is the truth. An append writes behind the durable size, fsyncs, then moves the size forward in a
transaction; readers never look behind the size. So whatever a crash leaves behind it, torn or whole, was never
acknowledged, nobody ever sees it, and the next append overwrites it.
"""

import asyncio
import os
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime
from pathlib import Path
from weakref import WeakValueDictionary

from titan_store.directory.durable import make_directory, sync_directory, write_at
from titan_store.directory.objects import OpenObject, list_older, open_object
from titan_store.directory.removals import remove
from titan_store.directory.threads import DiskThreads
from titan_store.errors import LogGap, OutcomeRecorded
from titan_store.keeping.backends import AttemptKey, LogIndex

DIRECTORY = "logs"


class DirectoryLogs:
    """See ``backends.Logs``; ``index`` knows the sizes."""

    def __init__(self, root: Path, threads: DiskThreads, index: LogIndex) -> None:
        self._root = root
        self._threads = threads
        self.index = index
        self._locks: WeakValueDictionary[AttemptKey, asyncio.Lock] = WeakValueDictionary()

    async def append(self, key: AttemptKey, offset: int, data: bytes, now: datetime) -> int:
        """Append what is new in the data, which begins at ``offset`` of the log; returns the durable size.

        Raises LogGap, OutcomeRecorded (new bytes after the attempt's end), InsufficientStorage, Unavailable.
        """
        async with self._lock(key):
            state = await self.index.state(key)
            size = state.size if state else 0
            if offset > size:
                raise LogGap(f"The log ends at {size}, so nothing can be appended at {offset}.", size)
            fresh = memoryview(data)[size - offset :]
            if not fresh and state:
                return size
            if state and state.is_complete:
                raise OutcomeRecorded(f"Attempt {key.attempt} of job {key.job} has ended; its log is complete.")
            path = self._path(key)
            await self._threads.run(lambda: _append(self._root, path, fresh, size))
            await self.index.grow(key, size + len(fresh), now)
            return size + len(fresh)

    def open(self, key: AttemptKey) -> AbstractAsyncContextManager[OpenObject | None]:
        """The file, of which only the durable size may be read; None if nothing was ever appended."""
        return open_object(self._threads, self._path(key))

    async def remove(self, key: AttemptKey, before: datetime) -> None:
        """Remove a log that nobody appended to since then."""
        async with self._lock(key):
            if await self.index.remove(key, before):
                await self.remove_file(key)

    async def remove_orphans(self, before: datetime) -> None:
        """Remove files of which nothing is acknowledged: a kill came between the removal of row and file."""
        for path in await self._threads.run(lambda: list_older(self._root, DIRECTORY, before.timestamp())):
            key = log_key(path)
            async with self._lock(key):
                state = await self.index.state(key)
                if state is None or state.size == 0:
                    await self.remove_file(key)

    async def remove_file(self, key: AttemptKey) -> None:
        """Remove the file alone: the log is somewhere else now, or gone."""
        path = self._path(key)
        await self._threads.run(lambda: _remove(self._root, path))

    def _lock(self, key: AttemptKey) -> asyncio.Lock:
        """One append at a time to one log; the lock lives as long as somebody uses it."""
        lock = self._locks.get(key)
        if lock is None:
            self._locks[key] = lock = asyncio.Lock()
        return lock

    def _path(self, key: AttemptKey) -> Path:
        return self._root / log_path(key)


def log_path(key: AttemptKey) -> str:
    """Where the log of an attempt is, in the data directory and in a bucket."""
    return f"{DIRECTORY}/{key.namespace}/{key.job}/{key.attempt}.log"


def log_key(path: str) -> AttemptKey:
    """The inverse of ``log_path``."""
    _, namespace, job, file = path.split("/")
    return AttemptKey(namespace, job, int(file.removesuffix(".log")))


def _append(root: Path, path: Path, data: memoryview, size: int) -> None:
    """Write behind the durable size, dropping what a crash or a full disk left there, and fsync."""
    is_new = size == 0
    if is_new:
        make_directory(path.parent, root)
    descriptor = os.open(path, os.O_WRONLY | (os.O_CREAT if is_new else 0), 0o600)
    try:
        if os.fstat(descriptor).st_size > size:
            os.ftruncate(descriptor, size)
        write_at(descriptor, data, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_directory(path.parent)


def _remove(root: Path, path: Path) -> None:
    """Remove a log, and its job's directory with the last one."""
    if remove(root, path):
        with suppress(OSError):  # Not empty: another attempt's log is there.
            path.parent.rmdir()

"""Files and blobs: written to a temporary name, fsynced, then renamed; so they are whole, or not there.

What a killed process leaves is a file in ``incoming/``, which the next start removes, or an object that no row of the
index names, which the sweep removes.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from titan_store.directory.durable import rename
from titan_store.directory.removals import remove
from titan_store.directory.staging import Staging
from titan_store.directory.threads import DiskThreads
from titan_store.keeping.backends import Staged

DIRECTORY_PLACE = "the data directory"
"""What a data directory remembers about the place of its bytes, if that is the directory itself."""
FILES_DIRECTORY = "files"
WARM_BYTES = 2**17
"""Read at once into a buffer that a processor's own cache can hold."""


class DirectoryBytes:
    """Implements ``backends.Bytes``."""

    def __init__(self, root: Path, threads: DiskThreads, staging: Staging) -> None:
        self._root = root
        self._threads = threads
        self._staging = staging

    async def require(self) -> None:
        """See ``backends.Bytes``. The store does not start without its directory."""

    def stage(self, chunks: AsyncIterator[bytes]) -> AbstractAsyncContextManager[Staged]:
        return self._staging.stage(chunks, is_final=True)

    async def publish(self, staged: Staged, key: str) -> None:
        await self._threads.run(lambda: rename(self._staging.path(staged), self._root / key, self._root))

    def open(self, key: str) -> AbstractAsyncContextManager["OpenObject | None"]:
        return open_object(self._threads, self._root / key)

    async def delete(self, key: str) -> None:
        """See ``backends.Bytes``. Not durable by itself: the sweep repeats it if need be."""
        await self._threads.run(lambda: remove(self._root, self._root / key))

    async def leftovers(self, prefix: str, before: datetime) -> list[str]:
        return await self._threads.run(lambda: list_older(self._root, prefix, before.timestamp()))


class OpenObject:
    """See ``contents.Content`` and ``contents.LocalFile``."""

    def __init__(self, descriptor: int, threads: DiskThreads) -> None:
        self._descriptor = descriptor
        self._threads = threads
        self.size = os.fstat(descriptor).st_size

    async def read(self, offset: int, length: int) -> bytes:
        return await self._threads.run(lambda: os.pread(self._descriptor, length, offset))

    @property
    def local_file(self) -> "OpenObject":
        return self

    @cached_property
    def file(self) -> BinaryIO:
        """See ``contents.LocalFile``. Whoever opened the object closes its descriptor."""
        return open(self._descriptor, "rb", buffering=0, closefd=False)

    async def warm(self, offset: int, length: int) -> None:
        """See ``contents.LocalFile``. The bytes are read and dropped: after that they are in the page cache."""
        if length > 0:
            await self._threads.run(lambda: self._read_away(offset, offset + length))

    def _read_away(self, offset: int, end: int) -> None:
        dropped = bytearray(min(WARM_BYTES, end - offset))
        while offset < end and (count := os.preadv(self._descriptor, [dropped], offset)) > 0:
            offset += count


@asynccontextmanager
async def open_object(threads: DiskThreads, path: Path) -> AsyncIterator[OpenObject | None]:
    """The file for the duration of the block; None if there is none."""
    descriptor = await threads.run(lambda: _open_if_there(path))
    if descriptor is None:
        yield None
        return
    try:
        yield OpenObject(descriptor, threads)
    finally:
        os.close(descriptor)


def _open_if_there(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None


def list_older(root: Path, prefix: str, timestamp: float) -> list[str]:
    """Paths below ``root/prefix`` of files that were written before the timestamp, relative to the root."""
    found: list[str] = []
    for directory, _, names in os.walk(root / prefix):
        for name in names:
            path = Path(directory, name)
            if path.lstat().st_mtime < timestamp:
                found.append(str(path.relative_to(root)))
    return found

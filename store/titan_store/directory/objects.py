"""Files and blobs: written to a temporary name, fsynced, then renamed; so they are whole, or not there.

What a killed process leaves is a file in ``incoming/``, which the next start removes, or an object that no row of the
index names, which the sweep removes.
"""

import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from titan_store.backends import Staged
from titan_store.directory.durable import make_directory, rename, sync_directory, write_at
from titan_store.directory.space import Space
from titan_store.directory.threads import DiskThreads

PIECE_BYTES = 2**20
"""Written and hashed in one visit to a thread."""


class DirectoryBytes:
    """See ``backends.Bytes``. ``prepare`` once before use."""

    def __init__(self, root: Path, threads: DiskThreads, space: Space) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._threads = threads
        self._space = space

    def prepare(self) -> None:
        """Make the directory, and remove what a killed process was receiving."""
        make_directory(self._incoming, self._root)
        for leftover in self._incoming.iterdir():
            leftover.unlink()
        sync_directory(self._incoming)

    @asynccontextmanager
    async def stage(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[Staged]:
        """See ``backends.Bytes``."""
        token = secrets.token_hex(16)
        path = self._incoming / token
        descriptor = await self._threads.run(lambda: os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            try:
                size, digest = await self._receive(descriptor, chunks)
                await self._threads.run(lambda: os.fsync(descriptor))
            finally:
                os.close(descriptor)
            yield Staged(token, size, digest)
        finally:
            await self._threads.run(lambda: path.unlink(missing_ok=True))

    async def _receive(self, descriptor: int, chunks: AsyncIterator[bytes]) -> tuple[int, str]:
        digest, size, piece = hashlib.sha256(), 0, bytearray()

        async def write_out() -> None:
            self._space.check(len(piece))

            def write() -> None:
                write_at(descriptor, memoryview(piece), size)
                digest.update(piece)

            await self._threads.run(write)

        async for chunk in chunks:
            piece += chunk
            if len(piece) >= PIECE_BYTES:
                await write_out()
                size, piece = size + len(piece), bytearray()
        await write_out()
        return size + len(piece), digest.hexdigest()

    async def publish(self, staged: Staged, key: str) -> None:
        """See ``backends.Bytes``."""
        await self._threads.run(lambda: rename(self._incoming / staged.token, self._root / key, self._root))

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator["OpenObject | None"]:
        """See ``backends.Bytes``."""
        descriptor = await self._threads.run(lambda: open_if_there(self._root / key))
        if descriptor is None:
            yield None
            return
        try:
            yield OpenObject(descriptor, self._threads)
        finally:
            os.close(descriptor)

    async def delete(self, key: str) -> None:
        """See ``backends.Bytes``. Not durable by itself: the sweep repeats it if need be."""
        await self._threads.run(lambda: (self._root / key).unlink(missing_ok=True))

    async def leftovers(self, prefix: str, before: datetime) -> list[str]:
        """See ``backends.Bytes``."""
        return await self._threads.run(lambda: list_older(self._root, prefix, before.timestamp()))


class OpenObject:
    """See ``backends.Content``."""

    def __init__(self, descriptor: int, threads: DiskThreads) -> None:
        self._descriptor = descriptor
        self._threads = threads
        self.size = os.fstat(descriptor).st_size

    async def read(self, offset: int, length: int) -> bytes:
        """See ``backends.Content``."""
        return await self._threads.run(lambda: os.pread(self._descriptor, length, offset))


def open_if_there(path: Path) -> int | None:
    """A descriptor for reading; None if there is no such file."""
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

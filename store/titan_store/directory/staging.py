"""Receiving a body into ``incoming/``: hashed and written in threads while the next piece arrives.

What a killed process leaves there is removed by the next start; no reader ever looks into it.
"""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from titan_store.directory.durable import make_directory, sync_directory, write_at
from titan_store.directory.space import Space
from titan_store.directory.threads import DiskThreads
from titan_store.keeping.backends import Staged

PIECE_BYTES = 2**20
"""Written and hashed in one visit to a thread; an upload holds two of them at most."""
FLUSH_BYTES = 32 * 2**20
"""Flushed to the disk during the upload, so that the fsync at its end finds little to do."""


class Staging:
    """Bodies on their way in. ``prepare`` once before use."""

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

    def path(self, staged: Staged) -> Path:
        """Where the bytes are until the end of the block."""
        return self._incoming / staged.token

    @asynccontextmanager
    async def stage(self, chunks: AsyncIterator[bytes], *, is_final: bool) -> AsyncIterator[Staged]:
        """See ``backends.Bytes``; ``is_final``: the file itself will be the object, so it is made durable."""
        token = secrets.token_hex(16)
        path = self._incoming / token
        descriptor = await self._threads.run(lambda: os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            try:
                size, digest = await _Intake(descriptor, self._threads, self._space, is_final).receive(chunks)
                if is_final:
                    await self._threads.run(lambda: os.fsync(descriptor))
            finally:
                os.close(descriptor)
            yield Staged(token, size, digest)
        finally:
            await self._threads.run(lambda: path.unlink(missing_ok=True))


class _Intake:
    """One body: while a thread has one piece, the event loop collects the next."""

    def __init__(self, descriptor: int, threads: DiskThreads, space: Space, flushes: bool) -> None:
        self._descriptor = descriptor
        self._flushes = flushes
        self._flushed = 0
        self._flushing: asyncio.Task[None] | None = None
        self._threads = threads
        self._space = space
        self._digest = hashlib.sha256()
        self._size = 0
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, chunks: AsyncIterator[bytes]) -> tuple[int, str]:
        piece = bytearray()
        try:
            async for chunk in chunks:
                piece += chunk
                if len(piece) >= PIECE_BYTES:
                    await self._hand_over(piece)
                    piece = bytearray()
            await self._hand_over(piece)
        finally:
            # The descriptor is closed next, so no thread may still have it.
            tasks = [task for task in (self._writing, self._flushing) if task is not None]
            if tasks:
                await asyncio.wait(tasks)
        for task in tasks:
            task.result()
        return self._size, self._digest.hexdigest()

    async def _hand_over(self, piece: bytearray) -> None:
        if self._writing is not None:
            await self._writing
        self._space.check(len(piece))
        offset, self._size = self._size, self._size + len(piece)

        def write() -> None:
            write_at(self._descriptor, memoryview(piece), offset)
            self._digest.update(piece)

        self._writing = asyncio.create_task(self._threads.run(write))
        await self._flush(offset)

    async def _flush(self, written: int) -> None:
        """Begin to flush what was written so far; no faster than the disk accepts it."""
        if not self._flushes or written - self._flushed < FLUSH_BYTES:
            return
        if self._flushing is not None:
            await self._flushing
        self._flushed = written
        self._flushing = asyncio.create_task(self._threads.run(lambda: os.fdatasync(self._descriptor)))

"""Logs whose attempts have ended move from the local directory to where all bytes are (``Bytes``: the bucket).

While an attempt runs, its log grows on the local disk, for S3 knows no durable append. Once its outcome is recorded the
log cannot change, is uploaded as one object, marked in the index, and only then removed locally. A kill between two of
these steps repeats them; a reader finds the log in one of both places at any moment.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from titan_store.directory.logs import DIRECTORY, DirectoryLogs, log_key, log_path
from titan_store.errors import StoreError
from titan_store.keeping.backends import AttemptKey, Bytes, LogIndex
from titan_store.keeping.contents import Content
from titan_store.keeping.pulses import Pulse

PAGE = 100
RETRY_SECONDS = 30.0
"""How soon a failed move is tried again, and logs are looked for that no pulse announced."""

log = logging.getLogger(__name__)


class ArchivingLogs:
    """Implements ``backends.Logs``."""

    def __init__(self, local: DirectoryLogs, archive: Bytes) -> None:
        self._local = local
        self._archive = archive

    @property
    def index(self) -> LogIndex:
        return self._local.index

    async def append(self, key: AttemptKey, offset: int, data: bytes, now: datetime) -> int:
        return await self._local.append(key, offset, data, now)

    @asynccontextmanager
    async def open(self, key: AttemptKey) -> AsyncIterator[Content | None]:
        """See ``backends.Logs``. The local file first: it goes only when the object is there."""
        async with self._local.open(key) as content:
            if content is not None:
                yield content
                return
        async with self._archive.open(log_path(key)) as archived:
            yield archived

    async def remove(self, key: AttemptKey, before: datetime) -> None:
        await self._local.remove(key, before)
        state = await self.index.state(key)
        if state is None or state.size == 0:
            await self._archive.delete(log_path(key))

    async def remove_orphans(self, before: datetime) -> None:
        await self._local.remove_orphans(before)
        for object_key in await self._archive.leftovers(DIRECTORY, before):
            state = await self.index.state(log_key(object_key))
            if state is None or state.size == 0:
                await self._archive.delete(object_key)

    async def move_ended(self) -> None:
        """Move every log that has ended. Raises Unavailable; what was moved stays moved."""
        while ended := await self.index.ended(PAGE):
            for key in ended:
                await self._move(key)

    async def _move(self, key: AttemptKey) -> None:
        state = await self.index.state(key)
        if state is None:
            return
        async with self._local.open(key) as content:
            if content is not None:  # Else a kill came between the mark and the removal, or the log has no bytes.
                async with self._archive.stage(_read_all(content, state.size)) as staged:
                    await self._archive.publish(staged, log_path(key))
        await self.index.mark_archived(key)
        await self._local.remove_file(key)


async def archive_for_ever(logs: ArchivingLogs, pulse: Pulse) -> None:
    """Move logs whenever an outcome is recorded, until cancelled."""
    while True:
        ticket = pulse.take_ticket()
        try:
            await logs.move_ended()
        except StoreError as error:
            log.warning("ended logs stay local for now: %s", error.message)
            await asyncio.sleep(RETRY_SECONDS)
            continue
        await asyncio.wait({ticket}, timeout=RETRY_SECONDS)
        if ticket.done():
            await asyncio.sleep(0)  # The tasks that the pulse wakes for people go first.


async def _read_all(content: Content, size: int) -> AsyncIterator[bytes]:
    offset = 0
    while offset < size:
        piece = await content.read(offset, min(2**20, size - offset))
        if not piece:
            return
        yield piece
        offset += len(piece)

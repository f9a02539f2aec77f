"""Blobs as a whole: the index says which there are, ``Bytes`` has them, and a lock for each keeps both in step.

Order: an object is published before its row is written and removed after its row, so a row promises an object. The lock
keeps a sweep from removing an object between a writer's two steps.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from weakref import WeakValueDictionary

from titan_store.errors import InsufficientStorage
from titan_store.keeping.backends import Blobs, Bytes, Staged
from titan_store.keeping.contents import Content

DIRECTORY = "blobs"


class Shelf:
    """Made once per process; ``index`` is for those who only ask."""

    def __init__(self, index: Blobs, store: Bytes) -> None:
        self.index = index
        self._store = store
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def touch(self, namespace: str, digest: str, now: datetime) -> int | None:
        """The blob's size if it is there; it then stays for a while."""
        async with self._lock(namespace, digest):
            return await self.index.touch(namespace, digest, now)

    def stage(self, chunks: AsyncIterator[bytes]) -> AbstractAsyncContextManager[Staged]:
        """Take bytes in; they are dropped at the end of the block unless published."""
        return self._store.stage(chunks)

    async def publish(self, namespace: str, digest: str, staged: Staged, now: datetime) -> None:
        """Put it there. Raises InsufficientStorage."""
        async with self._lock(namespace, digest):
            await self._store.publish(staged, object_key(namespace, digest))
            try:
                await self.index.put(namespace, digest, staged.size, now)
            except InsufficientStorage:
                if await self.index.size(namespace, digest) is None:
                    await self._store.delete(object_key(namespace, digest))
                raise

    def open(self, namespace: str, digest: str) -> AbstractAsyncContextManager[Content | None]:
        """The content; None if it is not there."""
        return self._store.open(object_key(namespace, digest))

    async def remove(self, namespace: str, digest: str, before: datetime) -> bool:
        """Remove it unless somebody has used it since then."""
        async with self._lock(namespace, digest):
            is_forgotten = await self.index.forget(namespace, digest, before)
            if is_forgotten:
                await self._store.delete(object_key(namespace, digest))
            return is_forgotten

    async def remove_orphan(self, key: str) -> None:
        """Remove an object that has no row: a kill came between the two steps of somebody."""
        _, namespace, _, digest = key.split("/")
        async with self._lock(namespace, digest):
            if await self.index.size(namespace, digest) is None:
                await self._store.delete(key)

    def _lock(self, namespace: str, digest: str) -> asyncio.Lock:
        lock = self._locks.get((namespace, digest))
        if lock is None:
            self._locks[namespace, digest] = lock = asyncio.Lock()
        return lock


def object_key(namespace: str, digest: str) -> str:
    """Where ``Bytes`` has the blob."""
    return f"{DIRECTORY}/{namespace}/{digest[:2]}/{digest}"

"""Which blobs there are, and when each was last written or looked at."""

import sqlite3
from datetime import datetime, timedelta

from titan_store.sqlite.database import Database
from titan_store.sqlite.limits import UNLIMITED, Limits
from titan_store.times import to_microseconds

USE_PERIOD = timedelta(hours=1)
"""A later use than this is written down; noting each would make every read a write."""

_SELECT = "SELECT size, used FROM blobs WHERE namespace = ? AND digest = ?"
_PUT = """
INSERT INTO blobs (namespace, digest, size, used) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET used = excluded.used
"""
_TOUCH = "UPDATE blobs SET used = ? WHERE namespace = ? AND digest = ?"
_UNUSED = "SELECT digest FROM blobs WHERE namespace = ? AND used < ? AND digest > ? ORDER BY digest LIMIT ?"
_FORGET = "DELETE FROM blobs WHERE namespace = ? AND digest = ? AND used < ?"


class SQLiteBlobs:
    """Implements ``backends.Blobs``."""

    def __init__(self, database: Database, limits: Limits = UNLIMITED) -> None:
        self._database = database
        self._limits = limits

    async def size(self, namespace: str, digest: str) -> int | None:
        rows = self._database.read(_SELECT, (namespace, digest))
        return int(rows[0][0]) if rows else None

    async def touch(self, namespace: str, digest: str, now: datetime) -> int | None:
        rows = self._database.read(_SELECT, (namespace, digest))
        if not rows:
            return None
        if rows[0][1] <= to_microseconds(now - USE_PERIOD):
            row = (to_microseconds(now), namespace, digest)
            await self._database.execute(_TOUCH, row)
        return int(rows[0][0])

    async def put(self, namespace: str, digest: str, size: int, now: datetime) -> None:
        def add(connection: sqlite3.Connection) -> None:
            self._limits.write(connection, namespace, size, _PUT, (namespace, digest, size, to_microseconds(now)))

        await self._database.write(add)

    async def unused(self, namespace: str, before: datetime, after: str, limit: int) -> list[str]:
        rows = await self._database.scan(_UNUSED, (namespace, to_microseconds(before), after, limit))
        return [str(row[0]) for row in rows]

    async def forget(self, namespace: str, digest: str, before: datetime) -> bool:
        return await self._database.execute(_FORGET, (namespace, digest, to_microseconds(before))) > 0

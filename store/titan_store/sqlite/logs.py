"""Durable sizes of logs in SQLite. An attempt with an outcome has a log, be it an empty one."""

import sqlite3
from datetime import datetime

from titan_store.errors import OutcomeRecorded
from titan_store.keeping.backends import AttemptKey, LogState
from titan_store.sqlite.database import Database
from titan_store.times import to_microseconds

_ATTEMPTS = """
SELECT attempt, max(size), max(complete) FROM (
    SELECT attempt, size, 0 AS complete FROM logs WHERE namespace = ?1 AND job = ?2
    UNION ALL
    SELECT attempt, 0, 1 FROM outcomes WHERE namespace = ?1 AND job = ?2
) GROUP BY attempt ORDER BY attempt
"""
_SIZE = "SELECT size FROM logs WHERE namespace = ? AND job = ? AND attempt = ?"
_ENDED = "SELECT 1 FROM outcomes WHERE namespace = ? AND job = ? AND attempt = ?"
_GROW = """
INSERT INTO logs (namespace, job, attempt, size, updated) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET size = excluded.size, updated = excluded.updated
"""
_OLD = "SELECT namespace, job, attempt FROM logs WHERE updated < ? ORDER BY updated LIMIT ?"
_UNARCHIVED = """
SELECT namespace, job, attempt FROM logs JOIN outcomes USING (namespace, job, attempt) WHERE archived = 0 LIMIT ?
"""
_MARK = "UPDATE logs SET archived = 1 WHERE namespace = ? AND job = ? AND attempt = ?"
_OF_NAMESPACE = "SELECT namespace, job, attempt FROM logs WHERE namespace = ? AND updated < ? LIMIT ?"
_REMOVE = "DELETE FROM logs WHERE namespace = ? AND job = ? AND attempt = ? AND updated < ?"


class SQLiteLogIndex:
    """Implements ``backends.LogIndex``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self, key: AttemptKey) -> LogState | None:
        ended = self._database.read(_ENDED, key)  # Asked first: whoever sees the end sees every byte.
        sizes = self._database.read(_SIZE, key)
        if not sizes and not ended:
            return None
        return LogState(key.attempt, int(sizes[0][0]) if sizes else 0, bool(ended))

    async def attempts(self, namespace: str, job: str) -> list[LogState]:
        rows = self._database.read(_ATTEMPTS, (namespace, job))
        return [LogState(attempt, size, bool(complete)) for attempt, size, complete in rows]

    async def grow(self, key: AttemptKey, size: int, now: datetime) -> None:
        def update(connection: sqlite3.Connection) -> None:
            if connection.execute(_ENDED, key).fetchone():
                raise OutcomeRecorded(f"Attempt {key.attempt} of job {key.job} has ended; its log is complete.")
            connection.execute(_GROW, (*key, size, to_microseconds(now)))

        await self._database.write(update)

    async def old(self, before: datetime, limit: int) -> list[AttemptKey]:
        rows = self._database.read(_OLD, (to_microseconds(before), limit))
        return [AttemptKey(*row) for row in rows]

    async def remove(self, key: AttemptKey, before: datetime) -> bool:
        return await self._database.execute(_REMOVE, (*key, to_microseconds(before))) > 0

    async def of_namespace(self, namespace: str, before: datetime, limit: int) -> list[AttemptKey]:
        rows = await self._database.scan(_OF_NAMESPACE, (namespace, to_microseconds(before), limit))
        return [AttemptKey(*row) for row in rows]

    async def ended(self, limit: int) -> list[AttemptKey]:
        return [AttemptKey(*row) for row in self._database.read(_UNARCHIVED, (limit,))]

    async def mark_archived(self, key: AttemptKey) -> None:
        await self._database.execute(_MARK, key)

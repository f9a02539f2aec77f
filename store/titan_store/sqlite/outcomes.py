"""Outcomes in SQLite: the first record of an attempt wins, and each has its place in one sequence."""

import json
import sqlite3
from datetime import datetime

from titan_store.errors import OutcomeRecorded, SequenceExpired
from titan_store.keeping.backends import AttemptKey, OutcomeRecord
from titan_store.sqlite.database import Database
from titan_store.sqlite.workspaces import note_files
from titan_store.times import to_microseconds

FORGET_LIMIT = 500
"""Removed in one transaction, so that a sweep never holds up a write for long."""

_SELECT = "SELECT content FROM outcomes WHERE namespace = ? AND job = ? AND attempt = ?"
_OF_JOBS = "SELECT content FROM outcomes WHERE namespace = ? AND job IN (SELECT value FROM json_each(?))"
_INSERT = """
INSERT INTO outcomes (namespace, job, attempt, namespace_name, content, recorded) VALUES (?, ?, ?, ?, ?, ?)
"""
_AFTER = """
SELECT sequence, namespace, job, attempt, namespace_name, content FROM outcomes
WHERE sequence > ? ORDER BY sequence LIMIT ?
"""
_OLD = "SELECT sequence FROM outcomes WHERE recorded < ? ORDER BY sequence LIMIT ?"
_NEWEST = "SELECT seq FROM sqlite_sequence WHERE name = 'outcomes'"
_FACT = "SELECT content FROM facts WHERE name = ?"


class SQLiteOutcomes:
    """Implements ``backends.Outcomes``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, key: AttemptKey, namespace_name: str, content: str, now: datetime) -> bool:
        def insert(connection: sqlite3.Connection) -> bool:
            row = connection.execute(_SELECT, key).fetchone()
            if row is None:
                row = (*key, namespace_name, content, to_microseconds(now))
                note_files(connection, key, connection.execute(_INSERT, row).lastrowid or 0, content)
                return True
            if row[0] != content:
                raise OutcomeRecorded(f"Another outcome of attempt {key.attempt} of job {key.job} is already recorded.")
            return False

        return await self._database.write(insert)

    async def get(self, key: AttemptKey) -> str | None:
        rows = self._database.read(_SELECT, key)
        return str(rows[0][0]) if rows else None

    async def of_jobs(self, namespace: str, jobs: list[str]) -> list[str]:
        rows = await self._database.scan(_OF_JOBS, (namespace, json.dumps(jobs)))
        return [str(row[0]) for row in rows]

    async def after(self, sequence: int, limit: int) -> list[OutcomeRecord]:
        newest, forgotten = await self.newest(), int(self._fact("forgotten_sequence"))
        if sequence > newest:
            raise SequenceExpired(f"The sequence number {sequence} was never given; the newest is {newest}.")
        if sequence < forgotten:
            raise SequenceExpired(f"Outcomes up to {forgotten} were removed; the stream cannot go on at {sequence}.")
        rows = self._database.read(_AFTER, (sequence, limit))
        return [OutcomeRecord(row[0], AttemptKey(row[1], row[2], row[3]), row[4], row[5]) for row in rows]

    async def newest(self) -> int:
        rows = self._database.read(_NEWEST, ())
        return int(rows[0][0]) if rows else 0

    async def store_id(self) -> str:
        return self._fact("store_id")

    async def forget(self, before: datetime) -> int:
        """See ``backends.Outcomes``. Only the oldest end is removed, so what is left has no hole."""
        rows = self._database.read(_OLD, (to_microseconds(before), FORGET_LIMIT))
        if not rows:
            return 0
        last = int(rows[-1][0])

        def remove(connection: sqlite3.Connection) -> int:
            connection.execute("UPDATE facts SET content = ? WHERE name = 'forgotten_sequence'", (str(last),))
            connection.execute("DELETE FROM left_files WHERE sequence <= ?", (last,))
            return connection.execute("DELETE FROM outcomes WHERE sequence <= ?", (last,)).rowcount

        return await self._database.write(remove, is_heavy=True)

    def _fact(self, name: str) -> str:
        return str(self._database.read(_FACT, (name,))[0][0])

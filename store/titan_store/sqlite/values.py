"""Values in SQLite: put, get, delete, list, compare-and-set, increment, expiry."""

import itertools
import re
import secrets
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from titan_store.errors import BadRequest, Conflict, NotFound, PreconditionFailed
from titan_store.keeping.backends import Precondition, Value, ValueEntry
from titan_store.names import quote, upper_bound
from titan_store.sqlite.database import HEAVY_BYTES, Database
from titan_store.sqlite.limits import UNLIMITED, Limits
from titan_store.times import from_microseconds, to_microseconds

ALWAYS = Precondition()
SWEEP_LIMIT = 500
"""Removed in one transaction, so that a sweep never holds up a write for long."""
LARGEST_INTEGER = 2**63 - 1
_INTEGER = re.compile(rb"[+-]?[0-9]{1,19}")

_SELECT = 'SELECT content, version, expires FROM "values" WHERE namespace = ? AND key = ?'
_REPLACE = """
INSERT INTO "values" (namespace, key, content, version, updated, expires) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    content = excluded.content, version = excluded.version, updated = excluded.updated, expires = excluded.expires
"""
_DELETE = 'DELETE FROM "values" WHERE namespace = ? AND key = ?'
_LIST = """
SELECT key, length(content), version, updated, expires FROM "values"
WHERE namespace = ? AND key >= ? AND key > ? AND (? IS NULL OR key < ?) AND (expires IS NULL OR expires > ?)
ORDER BY key LIMIT ?
"""
_SWEEP = 'DELETE FROM "values" WHERE rowid IN (SELECT rowid FROM "values" WHERE expires <= ? LIMIT ?)'


class SQLiteValues:
    """Implements ``backends.Values``."""

    def __init__(self, database: Database, limits: Limits = UNLIMITED) -> None:
        self._database = database
        self._limits = limits
        self._versions = _make_versions()

    async def get(self, namespace: str, key: str, now: datetime) -> Value | None:
        row = _living(self._database.read(_SELECT, (namespace, key)), now)
        return Value(row[0], row[1]) if row else None

    async def put(
        self, namespace: str, key: str, content: bytes, now: datetime, expires: datetime | None, condition: Precondition
    ) -> str:
        version = next(self._versions)
        expiry = to_microseconds(expires) if expires else None

        def store(connection: sqlite3.Connection) -> str:
            if condition != ALWAYS:
                _check(condition, key, _select(connection, namespace, key, now))
            row = (namespace, key, content, version, to_microseconds(now), expiry)
            self._limits.write(connection, namespace, len(content) + 4 * len(key), _REPLACE, row)
            return version

        return await self._database.write(store, is_heavy=len(content) > HEAVY_BYTES)

    async def delete(self, namespace: str, key: str, now: datetime, condition: Precondition) -> None:
        def remove(connection: sqlite3.Connection) -> None:
            row = _select(connection, namespace, key, now)
            _check(condition, key, row)
            if row is None:
                raise NotFound("KeyNotFound", f"There is no value of the key {quote(key)}.")
            connection.execute(_DELETE, (namespace, key))

        await self._database.write(remove)

    async def increment(self, namespace: str, key: str, by: int, now: datetime) -> int:
        """See ``backends.Values``. An expiry stays as it is."""
        version = next(self._versions)

        def add(connection: sqlite3.Connection) -> int:
            row = _select(connection, namespace, key, now)
            total = _parse_integer(key, row[0] if row else b"0") + by
            if abs(total) > LARGEST_INTEGER:
                raise BadRequest(f"The sum for the key {quote(key)} exceeds 64 bits.")
            expiry = row[2] if row else None
            content = str(total).encode()
            new = (namespace, key, content, version, to_microseconds(now), expiry)
            self._limits.write(connection, namespace, len(content) + 4 * len(key), _REPLACE, new)
            return total

        return await self._database.write(add)

    async def page(self, namespace: str, prefix: str, after: str, limit: int, now: datetime) -> list[ValueEntry]:
        end = upper_bound(prefix)
        parameters = (namespace, prefix, after, end, end, to_microseconds(now), limit)
        return [_to_entry(row) for row in await self._database.scan(_LIST, parameters)]

    async def remove_expired(self, now: datetime) -> int:
        moment = to_microseconds(now)
        if not self._database.read('SELECT 1 FROM "values" WHERE expires <= ? LIMIT 1', (moment,)):
            return 0
        return await self._database.execute(_SWEEP, (moment, SWEEP_LIMIT), is_heavy=True)


def _make_versions() -> Iterator[str]:
    """Texts that no other process ever makes, at the price of one random number for all."""
    begin = secrets.token_hex(8)
    return (f"{begin}{number:x}" for number in itertools.count())


def _select(connection: sqlite3.Connection, namespace: str, key: str, now: datetime) -> tuple[Any, ...] | None:
    return _living(connection.execute(_SELECT, (namespace, key)).fetchall(), now)


def _living(rows: list[tuple[Any, ...]], now: datetime) -> tuple[Any, ...] | None:
    """The row (content, version, expires), unless it has expired."""
    if not rows or (rows[0][2] is not None and rows[0][2] <= to_microseconds(now)):
        return None
    return rows[0]


def _check(condition: Precondition, key: str, row: tuple[Any, ...] | None) -> None:
    if condition.must_be_absent and row is not None:
        raise PreconditionFailed(f"The key {quote(key)} already has a value (If-None-Match).")
    if condition.must_exist and row is None:
        raise PreconditionFailed(f"The key {quote(key)} has no value (If-Match).")
    if condition.versions is not None and (row is None or row[1] not in condition.versions):
        raise PreconditionFailed(f"The value of the key {quote(key)} does not have a version that If-Match names.")


def _parse_integer(key: str, content: bytes) -> int:
    if not _INTEGER.fullmatch(content):
        raise Conflict("NotAnInteger", f"The value of the key {quote(key)} is not an integer.")
    return int(content)


def _to_entry(row: tuple[Any, ...]) -> ValueEntry:
    key, size, version, updated, expires = row
    expiry = from_microseconds(expires) if expires is not None else None
    return ValueEntry(key, size, version, from_microseconds(updated), expiry)

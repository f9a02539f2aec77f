"""Which object holds the file of a name, in SQLite: replacing a file is one row of one transaction."""

import sqlite3
from typing import Any

from titan_store.keeping.backends import FileEntry
from titan_store.names import upper_bound
from titan_store.sqlite.database import Database
from titan_store.sqlite.limits import UNLIMITED, USED, Limits, exhausted
from titan_store.times import from_microseconds, to_microseconds

_COLUMNS = "name, object, size, digest, updated"
_SELECT = f"SELECT {_COLUMNS} FROM files WHERE namespace = ? AND name = ?"
_REPLACE = f"""
INSERT INTO files (namespace, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (namespace, name) DO UPDATE SET
    object = excluded.object, size = excluded.size, digest = excluded.digest, updated = excluded.updated
"""
_DELETE = "DELETE FROM files WHERE namespace = ? AND name = ?"
_LIST = f"""
SELECT {_COLUMNS} FROM files WHERE namespace = ? AND name >= ? AND name > ? AND (? IS NULL OR name < ?)
ORDER BY name LIMIT ?
"""


class SQLiteFiles:
    """Implements ``backends.Files``."""

    def __init__(self, database: Database, limits: Limits = UNLIMITED) -> None:
        self._database = database
        self._limits = limits

    async def get(self, namespace: str, name: str) -> FileEntry | None:
        rows = self._database.read(_SELECT, (namespace, name))
        return _to_entry(rows[0]) if rows else None

    async def put(self, namespace: str, entry: FileEntry) -> str | None:
        row = (namespace, entry.name, entry.object_key, entry.size, entry.digest, to_microseconds(entry.updated))

        def point(connection: sqlite3.Connection) -> str | None:
            before = _object(connection, namespace, entry.name)
            self._limits.write(connection, namespace, entry.size, _REPLACE, row)
            return before

        return await self._database.write(point)

    async def check_room(self, namespace: str, name: str, size: int) -> None:
        limit = self._limits.bytes
        if limit is None:
            return
        rows = self._database.read(USED, (namespace, self._limits.kind))
        replaced = self._database.read(_SELECT, (namespace, name))
        total = (rows[0][0] if rows else 0) - (replaced[0][2] if replaced else 0)
        if total + size > limit:
            raise exhausted(self._limits.kind, f"{limit} bytes", f"{total} are used")

    async def delete(self, namespace: str, name: str) -> str | None:
        def remove(connection: sqlite3.Connection) -> str | None:
            before = _object(connection, namespace, name)
            connection.execute(_DELETE, (namespace, name))
            return before

        return await self._database.write(remove)

    async def page(self, namespace: str, prefix: str, after: str, limit: int) -> list[FileEntry]:
        end = upper_bound(prefix)
        rows = await self._database.scan(_LIST, (namespace, prefix, after, end, end, limit))
        return [_to_entry(row) for row in rows]

    async def keep_used(self, object_keys: list[str]) -> set[str]:
        return {key for key in object_keys if self._database.read("SELECT 1 FROM files WHERE object = ?", (key,))}


def _object(connection: sqlite3.Connection, namespace: str, name: str) -> str | None:
    row = connection.execute(_SELECT, (namespace, name)).fetchone()
    return str(row[1]) if row else None


def _to_entry(row: tuple[Any, ...]) -> FileEntry:
    name, key, size, digest, updated = row
    return FileEntry(name, key, size, digest, from_microseconds(updated))

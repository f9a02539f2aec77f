"""Which object holds the file of a name, in SQLite: replacing a file is one row of one transaction."""

import sqlite3
from typing import Any

from titan_store.backends import FileEntry
from titan_store.names import upper_bound
from titan_store.sqlite.database import Database
from titan_store.times import from_microseconds, to_microseconds

_COLUMNS = "name, object, size, digest, updated"
_SELECT = f"SELECT {_COLUMNS} FROM files WHERE namespace = ? AND name = ?"
_REPLACE = f"REPLACE INTO files (namespace, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
_DELETE = "DELETE FROM files WHERE namespace = ? AND name = ?"
_LIST = f"""
SELECT {_COLUMNS} FROM files WHERE namespace = ? AND name >= ? AND name > ? AND (? IS NULL OR name < ?)
ORDER BY name LIMIT ?
"""


class SQLiteFiles:
    """See ``backends.Files``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, namespace: str, name: str) -> FileEntry | None:
        """See ``backends.Files``."""
        rows = self._database.read(_SELECT, (namespace, name))
        return _to_entry(rows[0]) if rows else None

    async def put(self, namespace: str, entry: FileEntry) -> str | None:
        """See ``backends.Files``."""
        row = (namespace, entry.name, entry.object_key, entry.size, entry.digest, to_microseconds(entry.updated))

        def point(connection: sqlite3.Connection) -> str | None:
            before = _object(connection, namespace, entry.name)
            connection.execute(_REPLACE, row)
            return before

        return await self._database.write(point)

    async def delete(self, namespace: str, name: str) -> str | None:
        """See ``backends.Files``."""

        def remove(connection: sqlite3.Connection) -> str | None:
            before = _object(connection, namespace, name)
            connection.execute(_DELETE, (namespace, name))
            return before

        return await self._database.write(remove)

    async def page(self, namespace: str, prefix: str, after: str, limit: int) -> list[FileEntry]:
        """See ``backends.Files``."""
        end = upper_bound(prefix)
        rows = await self._database.scan(_LIST, (namespace, prefix, after, end, end, limit))
        return [_to_entry(row) for row in rows]

    async def keep_used(self, object_keys: list[str]) -> set[str]:
        """See ``backends.Files``."""
        return {key for key in object_keys if self._database.read("SELECT 1 FROM files WHERE object = ?", (key,))}


def _object(connection: sqlite3.Connection, namespace: str, name: str) -> str | None:
    row = connection.execute(_SELECT, (namespace, name)).fetchone()
    return str(row[1]) if row else None


def _to_entry(row: tuple[Any, ...]) -> FileEntry:
    name, key, size, digest, updated = row
    return FileEntry(name, key, size, digest, from_microseconds(updated))

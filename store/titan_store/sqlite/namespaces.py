"""Which namespaces have data in the database, and the removal of what one has left behind."""

import sqlite3
from datetime import datetime

from titan_store.sqlite.database import Database
from titan_store.times import from_microseconds, to_microseconds

REMOVED_AT_ONCE = 500
"""Rows of each table in one transaction, so that a removal never holds up a write for long."""

_KNOWN = "SELECT namespace FROM usage UNION SELECT namespace FROM logs"
_ADD = "INSERT OR IGNORE INTO vanished VALUES (?, ?)"
_SELECT = "SELECT namespace, since FROM vanished"
_OBJECTS = "SELECT object FROM files WHERE namespace = ? ORDER BY name LIMIT ?"
_VALUES = 'DELETE FROM "values" WHERE rowid IN (SELECT rowid FROM "values" WHERE namespace = ? LIMIT ?)'
_MEMBERS = "DELETE FROM members WHERE position IN (SELECT position FROM members WHERE namespace = ? LIMIT ?)"


class SQLiteNamespaces:
    """Which namespaces have data here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self) -> list[str]:
        """Their uids."""
        return [str(row[0]) for row in await self._database.scan(_KNOWN, ())]

    async def missing_since(self, living: frozenset[str], now: datetime) -> dict[str, datetime]:
        """Those that the API server does not know, and since when; one that is known again is forgotten here."""
        missing = set(await self.known()) - living
        before = {str(row[0]) for row in self._database.read(_SELECT, ())}
        if missing != before:
            moment = to_microseconds(now)

            def note(connection: sqlite3.Connection) -> None:
                connection.executemany("DELETE FROM vanished WHERE namespace = ?", [(uid,) for uid in before - missing])
                connection.executemany(_ADD, [(uid, moment) for uid in missing])

            await self._database.write(note)
        return {str(row[0]): from_microseconds(row[1]) for row in self._database.read(_SELECT, ())}

    async def remove_rows(self, namespace: str) -> list[str]:
        """Remove some rows of files, values and sets; returns the objects that are free now, empty when all is gone."""
        free: list[str] = []
        while True:
            free, is_done = await self._database.write(lambda connection: _remove(connection, namespace), is_heavy=True)
            if free or is_done:
                return free


def _remove(connection: sqlite3.Connection, namespace: str) -> tuple[list[str], bool]:
    """Objects of removed files, and whether nothing is left."""
    room = (namespace, REMOVED_AT_ONCE)
    objects = [str(row[0]) for row in connection.execute(_OBJECTS, room)]
    for key in objects:
        connection.execute("DELETE FROM files WHERE object = ?", (key,))
    removed = connection.execute(_VALUES, room).rowcount + connection.execute(_MEMBERS, room).rowcount
    is_done = not objects and not removed
    if is_done and not connection.execute("SELECT 1 FROM blobs WHERE namespace = ? LIMIT 1", (namespace,)).fetchone():
        connection.execute("DELETE FROM usage WHERE namespace = ?", (namespace,))
    return objects, is_done

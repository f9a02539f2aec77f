"""Sets in SQLite. A set is its members: an empty one and a missing one are the same."""

import sqlite3

from titan_store.keeping.backends import SetEntry
from titan_store.names import upper_bound
from titan_store.sqlite.database import HEAVY_BYTES, Database
from titan_store.sqlite.limits import UNLIMITED, Limits

_ADD = "INSERT OR IGNORE INTO members (namespace, key, member) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM members WHERE namespace = ? AND key = ? AND member = ?"
_MEMBERS = "SELECT member FROM members WHERE namespace = ? AND key = ? ORDER BY position"
_BOUNDS = "namespace = ? AND key >= ? AND (? IS NULL OR key < ?)"
_PAGE = f"SELECT key, count(*) FROM members WHERE {_BOUNDS} AND key > ? GROUP BY key ORDER BY key LIMIT ?"
_COUNT = f"SELECT count(DISTINCT key) FROM members WHERE {_BOUNDS}"
_DELETE = "DELETE FROM members WHERE namespace = ? AND key = ?"


class SQLiteSets:
    """Implements ``backends.Sets``."""

    def __init__(self, database: Database, limits: Limits = UNLIMITED) -> None:
        self._database = database
        self._limits = limits

    async def add(self, namespace: str, key: str, member: str) -> bool:
        return await self._change(_ADD, (namespace, key, member)) > 0

    async def remove(self, namespace: str, key: str, member: str) -> bool:
        return await self._change(_REMOVE, (namespace, key, member)) > 0

    async def members(self, namespace: str, key: str) -> list[str]:
        return [row[0] for row in await self._database.scan(_MEMBERS, (namespace, key))]

    async def delete(self, namespace: str, key: str) -> None:
        await self._change(_DELETE, (namespace, key))

    async def page(self, namespace: str, prefix: str, after: str, limit: int) -> list[SetEntry]:
        rows = await self._database.scan(_PAGE, (*_bounds(namespace, prefix), after, limit))
        return [SetEntry(*row) for row in rows]

    async def count(self, namespace: str, prefix: str) -> int:
        rows = await self._database.scan(_COUNT, _bounds(namespace, prefix))
        return int(rows[0][0])

    async def _change(self, statement: str, parameters: tuple[str, ...]) -> int:
        """How many rows changed."""

        def change(connection: sqlite3.Connection) -> int:
            if statement is not _ADD:
                return connection.execute(statement, parameters).rowcount
            return self._limits.write(connection, parameters[0], 4 * len(parameters[-1]), statement, parameters)

        is_heavy = statement is _DELETE or len(parameters[-1]) > HEAVY_BYTES
        return await self._database.write(change, is_heavy=is_heavy)


def _bounds(namespace: str, prefix: str) -> tuple[str | None, ...]:
    end = upper_bound(prefix)
    return namespace, prefix, end, end

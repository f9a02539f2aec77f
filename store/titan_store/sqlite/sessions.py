"""Sessions in SQLite. Their tokens are sealed with keys that are not here."""

import secrets
import sqlite3
from datetime import datetime

from titan_store.sessions.tables import SessionRow
from titan_store.sqlite.database import Database
from titan_store.times import from_microseconds, to_microseconds

_ADD = "INSERT INTO sessions (id, user, token, created, expires) VALUES (?, ?, ?, ?, ?)"
_TOO_MANY = "SELECT id FROM sessions WHERE user = ? ORDER BY created DESC, id LIMIT -1 OFFSET ?"
_FIND = "SELECT id, user, token, created, expires FROM sessions WHERE id = ?"
_REMOVE = "DELETE FROM sessions WHERE id = ?"
_EXPIRED = "SELECT 1 FROM sessions WHERE expires <= ? LIMIT 1"
_REMOVE_EXPIRED = "DELETE FROM sessions WHERE expires <= ?"
_FACT = "SELECT content FROM facts WHERE name = ?"
FORGERY_KEY = "forgery_key"
"""Name of the fact."""


class SQLiteSessions:
    """See ``sessions.tables.SessionTable``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: SessionRow, most: int) -> list[str]:
        """See ``sessions.tables.SessionTable``."""
        values = (row.id, row.user, row.sealed_token, to_microseconds(row.created), to_microseconds(row.expires))

        def add(connection: sqlite3.Connection) -> list[str]:
            connection.execute(_ADD, values)
            found = [str(name) for (name,) in connection.execute(_TOO_MANY, (row.user, most)).fetchall()]
            connection.executemany(_REMOVE, [(name,) for name in found])
            return found

        return await self._database.write(add)

    async def find(self, session_id: str) -> SessionRow | None:
        """See ``sessions.tables.SessionTable``."""
        rows = self._database.read(_FIND, (session_id,))
        if not rows:
            return None
        name, user, token, created, expires = rows[0]
        return SessionRow(name, user, token, from_microseconds(created), from_microseconds(expires))

    async def remove(self, session_id: str) -> None:
        """See ``sessions.tables.SessionTable``."""
        await self._database.write(lambda connection: connection.execute(_REMOVE, (session_id,)).rowcount)

    async def remove_expired(self, now: datetime) -> None:
        """See ``sessions.tables.SessionTable``."""
        moment = to_microseconds(now)
        if self._database.read(_EXPIRED, (moment,)):
            await self._database.write(lambda connection: connection.execute(_REMOVE_EXPIRED, (moment,)).rowcount)

    async def forgery_key(self) -> bytes:
        """See ``sessions.tables.SessionTable``."""
        rows = self._database.read(_FACT, (FORGERY_KEY,))
        if rows:
            return bytes.fromhex(str(rows[0][0]))
        drawn = (FORGERY_KEY, secrets.token_hex(32))

        def keep(connection: sqlite3.Connection) -> str:
            connection.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", drawn)
            return str(connection.execute(_FACT, (FORGERY_KEY,)).fetchone()[0])

        return bytes.fromhex(await self._database.write(keep))

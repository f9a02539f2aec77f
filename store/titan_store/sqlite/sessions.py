"""Sessions in SQLite. Their tokens are sealed with keys that are not here."""

import secrets
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from titan_store.sqlite.database import Database
from titan_store.times import from_microseconds, to_microseconds

_ADD = "INSERT INTO sessions (id, user, token, created, expires) VALUES (?, ?, ?, ?, ?)"
_TOO_MANY = "SELECT id FROM sessions WHERE user = ? ORDER BY created DESC, id LIMIT -1 OFFSET ?"
_FIND = "SELECT id, user, token, created, expires FROM sessions WHERE id = ?"
_REMOVE = "DELETE FROM sessions WHERE id = ?"
_EXPIRED = "SELECT 1 FROM sessions WHERE expires <= ? LIMIT 1"
_REMOVE_EXPIRED = "DELETE FROM sessions WHERE expires <= ?"
FORGERY_KEY = "forgery_key"
"""Name of the fact."""


@dataclass(frozen=True)
class SessionRow:
    """A session at rest."""

    id: str
    user: str
    """So that nobody fills the table."""
    sealed_token: bytes = field(repr=False)
    created: datetime
    expires: datetime


class SQLiteSessions:
    """All raise Unavailable when the database does not work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: SessionRow, most: int) -> list[str]:
        """Keep it, and of this user only the newest ``most``; the ids of those that had to go."""
        values = (row.id, row.user, row.sealed_token, to_microseconds(row.created), to_microseconds(row.expires))

        def add(connection: sqlite3.Connection) -> list[str]:
            connection.execute(_ADD, values)
            found = [str(name) for (name,) in connection.execute(_TOO_MANY, (row.user, most)).fetchall()]
            connection.executemany(_REMOVE, [(name,) for name in found])
            return found

        return await self._database.write(add)

    async def find(self, session_id: str) -> SessionRow | None:
        """None: there is none."""
        rows = self._database.read(_FIND, (session_id,))
        if not rows:
            return None
        name, user, token, created, expires = rows[0]
        return SessionRow(name, user, token, from_microseconds(created), from_microseconds(expires))

    async def remove(self, session_id: str) -> None:
        """Unknown ones are no mistake."""
        await self._database.execute(_REMOVE, (session_id,))

    async def remove_expired(self, now: datetime) -> None:
        """Those whose time is over."""
        moment = to_microseconds(now)
        if self._database.read(_EXPIRED, (moment,)):
            await self._database.execute(_REMOVE_EXPIRED, (moment,))

    async def forgery_key(self) -> bytes:
        """A secret of this store for what has no cookie; drawn at the first use, and no part of a backup."""
        while (key := self._database.find_fact(FORGERY_KEY)) is None:
            drawn = (FORGERY_KEY, secrets.token_hex(32))
            await self._database.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", drawn)
        return bytes.fromhex(key)

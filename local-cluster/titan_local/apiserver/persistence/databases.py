"""The SQLite file behind the storage: rows in, rows out, and one number that only grows."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from titan_api.json_types import Json

FIRST_VERSION = 1000
"""Every cluster begins here, so that a client's resourceVersion of 1 is recognisably too old."""
_LOCK_SECONDS = 2.0
"""How long to wait for a predecessor that is just ending."""
_LAYOUT = 2
"""Kept in the file; a file of another layout is refused instead of misread."""


class StorageError(Exception):
    """The disk refused a write, and nothing of it is visible; or the file cannot be used at all."""


class Database:
    """Rows of (resource, namespace, name, version, body)."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_SECONDS)
            # Nobody else may write here, and who is alone needs no shared memory.
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._create_tables(path)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise StorageError(f"{path} is in use by another API server") from error
            raise StorageError(f"{path} cannot be opened: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def load(self) -> Iterator[tuple[str, str, str, bytes, Json]]:
        """Every row: resource, namespace, name, the encoded object and the object."""
        rows = self._connection.execute("SELECT resource, namespace, name, body FROM objects")
        for resource, namespace, name, body in rows:
            yield resource, namespace, name, body, json.loads(body)

    def version(self) -> int:
        """The version of the last write that was committed."""
        query = "SELECT max(version, (SELECT coalesce(max(version), 0) FROM objects)) FROM versions"
        (version,) = self._connection.execute(query).fetchone()
        return int(version)

    def write(self, resource: str, namespace: str, name: str, version: int, body: bytes) -> None:
        """Add or replace a row. Raises StorageError."""
        row = (resource, namespace, name, version, body)
        self._commit(("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)", row))

    def erase(self, resource: str, namespace: str, name: str, version: int) -> None:
        """Remove a row; the version outlives it. Raises StorageError."""
        delete = "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?"
        self._commit((delete, (resource, namespace, name)), ("UPDATE versions SET version = ?", (version,)))

    def _commit(self, *statements: tuple[str, tuple[Any, ...]]) -> None:
        try:
            if len(statements) == 1:
                self._connection.execute(*statements[0])  # a statement alone is a transaction of its own
                return
            self._connection.execute("BEGIN")
            for statement in statements:
                self._connection.execute(*statement)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise StorageError(f"the state directory cannot be written: {error}") from error

    def _create_tables(self, path: Path) -> None:
        (layout,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if layout != _LAYOUT and tables:
            raise StorageError(f"{path} was written by another version of Titan; `titan local reset` makes a new one")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS objects (resource TEXT, namespace TEXT, name TEXT, version INTEGER, body BLOB,"
            " PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID"
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS versions (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER)"
        )
        self._connection.execute("INSERT OR IGNORE INTO versions VALUES (1, ?)", (FIRST_VERSION,))
        self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")


def encode(obj: Any) -> bytes:
    """Compact JSON; half a surrogate pair, which UTF-8 has no place for, becomes a question mark."""
    return json.dumps(obj, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")

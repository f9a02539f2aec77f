"""The tables. ``namespace`` is a uid, moments are microseconds since 1970."""

import sqlite3
import uuid

from titan_store.errors import Unavailable

VERSION = 1

TABLES = """
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    content TEXT NOT NULL
) WITHOUT ROWID;

-- Not WITHOUT ROWID: a listing must not walk over megabytes of values.
CREATE TABLE "values" (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    content BLOB NOT NULL,
    version TEXT NOT NULL,
    updated INTEGER NOT NULL,
    expires INTEGER,
    PRIMARY KEY (namespace, key)
);
CREATE INDEX values_by_expiry ON "values" (expires) WHERE expires IS NOT NULL;

CREATE TABLE members (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    member TEXT NOT NULL,
    UNIQUE (namespace, key, member)
);

CREATE TABLE files (
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    object TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (namespace, name)
) WITHOUT ROWID;

CREATE TABLE logs (
    namespace TEXT NOT NULL,
    job TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    size INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (namespace, job, attempt)
) WITHOUT ROWID;
CREATE INDEX logs_by_age ON logs (updated);

-- AUTOINCREMENT: a number is never given twice, even if the newest record is forgotten.
CREATE TABLE outcomes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    job TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    namespace_name TEXT NOT NULL,
    content TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    UNIQUE (namespace, job, attempt)
);
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in a new database. Raises Unavailable for one that a newer release has made."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise Unavailable(f"The database has version {version}; this release of the store knows {VERSION} at most.")
    if version == VERSION:
        return
    store_id = str(uuid.uuid4())
    connection.executescript(
        f"BEGIN IMMEDIATE; {TABLES}"
        f"INSERT INTO facts VALUES ('store_id', '{store_id}'), ('forgotten_sequence', '0');"
        f"PRAGMA user_version = {VERSION}; COMMIT;"
    )

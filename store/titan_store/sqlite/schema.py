"""The tables, as a list of steps that are never changed once released: each brings a database one version further.

``namespace`` is a uid, moments are microseconds since 1970.
"""

import sqlite3
import uuid

from titan_store.errors import Unavailable

_FIRST = """
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    content TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO facts VALUES ('forgotten_sequence', '0');

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


_USAGE = """
-- Bytes and number of what a namespace holds, kept exact by triggers: a quota is checked where its row has just changed.
CREATE TABLE usage (
    namespace TEXT NOT NULL,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (namespace, kind)
) WITHOUT ROWID;
"""
_TRIGGERS = """
CREATE TRIGGER {table}_added AFTER INSERT ON "{table}" BEGIN
    INSERT INTO usage VALUES (new.namespace, '{kind}', {new}, 1)
    ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, count = count + 1;
END;
CREATE TRIGGER {table}_changed AFTER UPDATE OF {column} ON "{table}" WHEN {new} <> {old} BEGIN
    UPDATE usage SET bytes = bytes + {new} - {old} WHERE namespace = new.namespace AND kind = '{kind}';
END;
CREATE TRIGGER {table}_removed AFTER DELETE ON "{table}" BEGIN
    UPDATE usage SET bytes = bytes - {old}, count = count - 1 WHERE namespace = old.namespace AND kind = '{kind}';
END;
INSERT INTO usage SELECT namespace, '{kind}', sum({sum}), count(*) FROM "{table}" WHERE true GROUP BY namespace
ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, count = count + excluded.count;
"""
_BLOBS = """
CREATE TABLE blobs (
    namespace TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (namespace, digest)
) WITHOUT ROWID;
CREATE INDEX blobs_by_use ON blobs (namespace, used);
"""
_SECOND = f"""
{_USAGE}
{_BLOBS}
ALTER TABLE logs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
CREATE INDEX logs_by_place ON logs (namespace, job, attempt) WHERE archived = 0;

-- Namespaces with data here that the API server does not know any more.
CREATE TABLE vanished (
    namespace TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) WITHOUT ROWID;

-- One row for each event of a gate and each webhook; it stays after the delivery, so that none is sent twice.
CREATE TABLE deliveries (
    gate TEXT NOT NULL,
    event TEXT NOT NULL,
    hook TEXT NOT NULL,
    body TEXT NOT NULL,
    made INTEGER NOT NULL,
    due INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (gate, event, hook)
) WITHOUT ROWID;
CREATE INDEX deliveries_by_due ON deliveries (due) WHERE due IS NOT NULL;
"""

_THIRD = """
-- The newest file of each path that jobs left in their workspaces.
CREATE TABLE left_files (
    namespace TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    mode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    job TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (namespace, path)
) WITHOUT ROWID;
CREATE INDEX left_files_by_name ON left_files (namespace, name, sequence);
CREATE INDEX left_files_by_sequence ON left_files (sequence);
"""

_FOURTH = """
-- People who signed in with a browser; their tokens are sealed with keys that are in their cookies only.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    token BLOB NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user, created);
CREATE INDEX sessions_by_expiry ON sessions (expires);
"""


def _count(table: str, kind: str, column: str, expression: str) -> str:
    """Triggers that keep ``usage``, and what there is so far; ``expression`` has ``{row}`` for the row's name."""
    new, old, plain = (f"({expression.format(row=row)})" for row in ("new.", "old.", ""))
    return _TRIGGERS.format(table=table, kind=kind, column=column, new=new, old=old, sum=plain)


STEPS = (
    _FIRST,
    _SECOND
    + _count("values", "values", "content", "length({row}content) + length(CAST({row}key AS BLOB))")
    + _count("members", "values", "member", "length(CAST({row}member AS BLOB))")
    + _count("files", "files", "size", "{row}size")
    + _count("blobs", "files", "size", "{row}size"),
    _THIRD,
    _FOURTH,
)
VERSION = len(STEPS)


def prepare(connection: sqlite3.Connection) -> None:
    """Bring a new or an old database up to date. Raises Unavailable for one that a newer release has made."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise Unavailable(
            f"The database has version {version}; this release of the store reads versions up to {VERSION}."
        )
    for number in range(version, VERSION):
        connection.executescript(f"BEGIN IMMEDIATE; {STEPS[number]} PRAGMA user_version = {number + 1}; COMMIT;")
    if not connection.execute("SELECT 1 FROM facts WHERE name = 'store_id'").fetchone():
        rename_store(connection)


def rename_store(connection: sqlite3.Connection) -> None:
    """Give the sequence of outcomes another identity: its readers look everything up again."""
    connection.execute("REPLACE INTO facts VALUES ('store_id', ?)", (str(uuid.uuid4()),))


def forget_sessions(connection: sqlite3.Connection) -> None:
    """For a copy of a database: whoever gets it shall find nobody's session there, not even a sealed one."""
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("DELETE FROM facts WHERE name = 'forgery_key'")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").fetchone():
        connection.execute("DELETE FROM sessions")

"""What must be there beside the database, according to a copy of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from titan_store.directory.logs import log_path
from titan_store.directory.objects import DIRECTORY_PLACE
from titan_store.errors import BadRequest
from titan_store.keeping import shelves
from titan_store.keeping.backends import AttemptKey
from titan_store.sqlite import schema


class Item(NamedTuple):
    """Bytes that the database names."""

    path: str
    """Relative to the data directory."""
    size: int
    """A log's file may be longer; the rest was never acknowledged."""
    digest: str | None
    """Lower-case hexadecimal SHA-256; logs have none."""


def list_items(database: Path) -> Iterator[Item]:
    """All that is kept in the data directory. Raises BadRequest if the file is not the database of a store."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if not 0 < version <= schema.VERSION:
                raise BadRequest(
                    f"{database.name} has version {version}; this release reads versions 1 to {schema.VERSION}."
                )
            schema.prepare(connection)
            yield from _list(connection)
        except sqlite3.DatabaseError as error:
            raise BadRequest(f"{database.name} is not the database of a store: {error}.") from error


def _list(connection: sqlite3.Connection) -> Iterator[Item]:
    place = connection.execute("SELECT content FROM facts WHERE name = 'place'").fetchone()
    if place is None or place[0] == DIRECTORY_PLACE:
        for path, size, digest in connection.execute("SELECT object, size, digest FROM files ORDER BY object"):
            yield Item(path, size, digest)
        for namespace, digest, size in connection.execute("SELECT namespace, digest, size FROM blobs"):
            yield Item(shelves.object_key(namespace, digest), size, digest)
    for namespace, job, attempt, size in connection.execute(
        "SELECT namespace, job, attempt, size FROM logs WHERE size > 0 AND archived = 0"
    ):
        yield Item(log_path(AttemptKey(namespace, job, attempt)), size, None)

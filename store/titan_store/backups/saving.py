"""Backup: a consistent copy of a data directory in one tar file, taken while the store runs.

The database is copied by SQLite's own backup as of one moment. All bytes that it names exist at that moment and cannot
vanish until they are copied (``directory.removals``), and none of them ever changes: files and blobs have keys that are
never used again, and of a log only what the index says is taken. So the file holds exactly what was acknowledged when
the copy of the database was made.
"""

import io
import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from titan_store.backups.inventories import Item, list_items
from titan_store.directory.durable import sync_directory
from titan_store.directory.removals import hold_removals
from titan_store.errors import BadRequest
from titan_store.sqlite import schema
from titan_store.sqlite.database import DATABASE_FILE


def save(root: Path, target: Path) -> list[str]:
    """Write the backup, durably; returns the paths of bytes that are missing, which only a damaged disk causes.

    Raises BadRequest, OSError; then there is no file of the target's name, or the old one.
    """
    if not (root / DATABASE_FILE).is_file():
        raise BadRequest(f"{root} is not the data directory of a store.")
    partial, copy = (target.with_name(f"{target.name}.{ending}") for ending in ("partial", "database"))
    try:
        with hold_removals(root), partial.open("wb") as out:
            _copy_database(root / DATABASE_FILE, copy)
            missing = _pack(root, copy, out)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
        sync_directory(target.absolute().parent)
    finally:
        for path in (partial, copy):
            path.unlink(missing_ok=True)
    return missing


def _copy_database(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        with copy:
            schema.forget_sessions(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # One file, without a WAL beside it.


def _pack(root: Path, database: Path, out: BinaryIO) -> list[str]:
    missing: list[str] = []
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        with database.open("rb") as content:
            _add(archive, Item(DATABASE_FILE, database.stat().st_size, None), content)
        for item in list_items(database):
            try:
                content = (root / item.path).open("rb")
            except FileNotFoundError:
                missing.append(item.path)
                continue
            with content:
                if os.fstat(content.fileno()).st_size < item.size:
                    missing.append(item.path)
                    continue
                _add(archive, item, content)
    return missing


def _add(archive: tarfile.TarFile, item: Item, content: io.BufferedReader) -> None:
    header = tarfile.TarInfo(item.path)
    header.size = item.size
    header.mode = 0o600
    archive.addfile(header, content)

"""Restore: a backup becomes a data directory, whole or not at all.

Everything is unpacked below ``restoring/`` and checked against the database there, then moved to its place; a store
refuses to start on a directory in which a restore was interrupted.
"""

import hashlib
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO

from titan_store.backups.inventories import list_items
from titan_store.directory import logs
from titan_store.directory.durable import PARTIAL, make_directory, make_root, sync_directory
from titan_store.directory.objects import FILES_DIRECTORY
from titan_store.errors import BadRequest
from titan_store.keeping import shelves
from titan_store.sqlite import schema
from titan_store.sqlite.database import DATABASE_FILE

PIECE_BYTES = 2**20
TOPS = frozenset({FILES_DIRECTORY, shelves.DIRECTORY, logs.DIRECTORY})


def restore(source: Path, root: Path) -> None:
    """Make the data directory, durably. Raises BadRequest for a bad backup or a directory that is not empty, OSError."""
    if root.exists() and any(entry.name != "lost+found" for entry in root.iterdir()):
        raise BadRequest(f"{root} is not empty; a backup can be restored only into an empty directory.")
    make_root(root)
    partial = root / PARTIAL
    make_directory(partial, root)
    try:
        digests = _unpack(source, partial)
        _check(partial, digests)
    except (BadRequest, OSError):
        shutil.rmtree(partial)
        raise
    with closing(sqlite3.connect(partial / DATABASE_FILE)) as database, database:
        schema.rename_store(database)  # Readers of the old sequence must not go on in this one.
    for name in sorted(entry.name for entry in partial.iterdir()):
        (partial / name).rename(root / name)
    partial.rmdir()
    sync_directory(root)


def _unpack(source: Path, partial: Path) -> dict[str, str]:
    """Digests by path."""
    digests: dict[str, str] = {}
    try:
        with tarfile.open(source, "r:") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() and _is_expected(member.name) else None
                if content is None:
                    raise BadRequest(f"{source} is not a backup of a store: it holds {member.name!r}.")
                target = partial / member.name
                make_directory(target.parent, partial)
                digests[member.name] = _write(content, target)
    except (tarfile.TarError, EOFError) as error:
        raise BadRequest(f"{source} is not a backup of a store, or is damaged: {error}.") from error
    for directory, _, _ in os.walk(partial):
        sync_directory(Path(directory))
    return digests


def _is_expected(name: str) -> bool:
    path = PurePosixPath(name)
    if name == DATABASE_FILE:
        return True
    return not path.is_absolute() and ".." not in path.parts and len(path.parts) > 1 and path.parts[0] in TOPS


def _write(content: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("xb") as out:
        while piece := content.read(PIECE_BYTES):
            out.write(piece)
            digest.update(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _check(partial: Path, digests: dict[str, str]) -> None:
    if DATABASE_FILE not in digests:
        raise BadRequest("The backup holds no database.")
    for item in list_items(partial / DATABASE_FILE):
        found = digests.get(item.path)
        if found is None:
            raise BadRequest(f"The backup is incomplete: {item.path} is missing.")
        if item.digest not in (None, found) or (partial / item.path).stat().st_size != item.size:
            raise BadRequest(f"The backup is damaged: {item.path} does not match the database.")

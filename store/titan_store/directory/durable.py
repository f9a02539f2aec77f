"""The few file operations that make bytes durable. They block, so they run in threads.

A new name survives a power failure only after fsync of the directory that holds it, and a directory's own name only
after fsync of its parent. Nothing here is specific to Titan.
"""

import fcntl
import os
from pathlib import Path

from titan_store.errors import Unavailable

PARTIAL = "restoring"
"""Where a restore unpacks before anything is in its place."""


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_root(root: Path) -> None:
    """Make the data directory, durably."""
    missing = [path for path in (root, *root.parents) if not path.exists()]
    root.mkdir(parents=True, exist_ok=True)
    for path in missing:
        sync_directory(path.parent)


def make_directory(directory: Path, root: Path) -> None:
    """Make a directory and those between it and the root, durably.

    What is there already is fsynced all the same, which costs next to nothing if it is clean: another thread, or a
    process that was killed, may have made it a moment ago and not come to its fsync.
    """
    if directory == root:
        return
    make_directory(directory.parent, root)
    directory.mkdir(exist_ok=True)
    sync_directory(directory.parent)


def rename(source: Path, target: Path, root: Path) -> None:
    """Give a file, which is durable already, its final name below the root, durably and in one step."""
    make_directory(target.parent, root)
    source.replace(target)
    sync_directory(target.parent)


def write_at(descriptor: int, data: bytes | memoryview, offset: int) -> None:
    """Write all of it: one pwrite may write less, for example just before the disk is full."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written


def check_whole(root: Path) -> None:
    """Raises Unavailable for a directory in which a restore was interrupted."""
    if (root / PARTIAL).exists():
        raise Unavailable(f"A restore into {root} was interrupted; empty the directory and restore again.")


def lock_directory(directory: Path) -> int:
    """A descriptor that holds the directory for this process until it is closed, or the process is gone.

    Raises Unavailable if another process has it: two writers would each overwrite the other's logs.
    """
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Unavailable(f"The data directory {directory} is in use by another store process.") from error
    return descriptor

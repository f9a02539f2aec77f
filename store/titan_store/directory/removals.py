"""Removes bytes, unless a backup is reading them.

A backup first copies the index, then the bytes that it names; in between none of them may vanish. So it holds this
directory's lock exclusively, and whoever wants to remove something asks for it in passing. What is not removed then has
no owner any more and is removed by a later sweep.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "backup.lock"


@contextmanager
def hold_removals(root: Path) -> Iterator[None]:
    """Nothing below the root is removed during the block; waits for what is being removed."""
    descriptor = _open(root)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def remove(root: Path, path: Path) -> bool:
    """Remove a file, which may be missing; False: not now."""
    descriptor = _open(root)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _open(root: Path) -> int:
    return os.open(root / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

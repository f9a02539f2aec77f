"""Phase fetch: the program's files, in the workspace, so that it finds beside itself what its parents left.

Each pod has a workspace of its own, so two jobs whose scripts share a basename each run their own code. A workspace
that is one volume for all jobs (Claim) is no place for that: there the program's files get a directory of their own.
"""

from __future__ import annotations

import os
import sys

from titan_runner.errors import FetchError, SourceError
from titan_runner.patience import insist

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from titan_runner.assignments import Assignment
    from titan_runner.stores import Store

CANNOT_RUN, NOT_FOUND = 126, 127
"""Exit codes of a shell for a program that is no program, and for one that is not there."""
LARGEST_SOURCE = 2 * 1024**3


class Program:
    """What to start, and where."""

    def __init__(self, command: list[str], directory: str) -> None:
        self.command = command
        self.directory = directory


def fetch(assignment: Assignment, store: Store) -> Program:
    """Bring the program here. Raises SourceError, FetchError, StoreError."""
    try:
        os.makedirs(assignment.workspace, exist_ok=True)
        home = _own_directory(assignment) if assignment.terms.mode == "Claim" else assignment.workspace
        return _fetch_into(home, assignment, store)
    except OSError as error:
        raise FetchError(f"the program's files cannot be written: {error}") from error


def _fetch_into(home: str, assignment: Assignment, store: Store) -> Program:
    source: dict[str, Any] = assignment.source
    if "inline" in source:
        path = _place(home, source["inline"]["fileName"])
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(source["inline"]["content"])
        return _program(path, assignment.arguments, assignment.workspace)
    if "script" in source:
        path = _place(home, source["script"]["fileName"])
        download(store, source["script"]["digest"], path)
        return _program(path, assignment.arguments, assignment.workspace)
    if "archive" in source:
        from titan_runner.archives import unpack  # zipfile costs 20 ms; only archives pay.

        packed, root = os.path.join(assignment.scratch, f"titan-archive-{os.urandom(4).hex()}.zip"), home
        entry = _place(root, source["archive"]["entrypoint"])
        download(store, source["archive"]["digest"], packed)
        unpack(packed, root)
        os.unlink(packed)
        if not os.path.isfile(entry):
            raise SourceError(f"the archive has no file {source['archive']['entrypoint']!r}", NOT_FOUND)
        return _program(entry, assignment.arguments, os.path.dirname(entry))
    raise SourceError(f"the runner cannot run a source of kind {', '.join(source) or 'none'}", CANNOT_RUN)


def download(store: Store, digest: str, path: str) -> None:
    """A blob as a file, or FetchError: never a file with other content than the digest says."""
    insist(lambda: _download_once(store, digest, path))


def _download_once(store: Store, digest: str, path: str) -> None:
    import hashlib  # Costs 4 ms; inline scripts have no digest to check.

    hashed, size = hashlib.sha256(), 0
    with open(path, "wb") as file:

        def take(piece: bytes) -> None:
            nonlocal size
            size += len(piece)
            if size > LARGEST_SOURCE:
                raise FetchError(f"the source is larger than {LARGEST_SOURCE} bytes")
            hashed.update(piece)
            file.write(piece)

        store.get_blob(digest, take)
    if f"sha256:{hashed.hexdigest()}" != digest:
        raise FetchError(f"DigestMismatch: the store sent content other than {digest}")


def _own_directory(assignment: Assignment) -> str:
    name = f"titan-{assignment.job_uid}-{assignment.attempt}-{os.urandom(4).hex()}"
    path = os.path.join(assignment.scratch, name)
    os.makedirs(path, mode=0o700)
    return path


def _place(root: str, relative: str) -> str:
    """Where a source file goes, its folder made. Raises SourceError for a path that leaves the directory."""
    parts = relative.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in relative:
        raise SourceError(f"{relative!r} is not a path inside a project", CANNOT_RUN)
    path = os.path.join(root, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def _program(path: str, arguments: list[str], directory: str) -> Program:
    """Shell scripts run in bash; everything else is Python, the interpreter that has the SDK."""
    if path.endswith(".sh"):
        return Program(["bash", path, *arguments], directory)
    return Program([sys.executable, "-u", path, *arguments], directory)

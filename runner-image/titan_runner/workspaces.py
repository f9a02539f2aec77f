"""The directory in which a program runs: what its ancestors left in it before, and what the program made of it after.

Only files count: an empty folder is not kept. Of what the job itself consists of (its script, its unpacked archive)
nothing is kept either; it hides inherited files of the same path from this job, and leaves them to the next.
"""

from __future__ import annotations

import os
import time

from titan_runner.errors import FetchError, FileChanged, WorkspaceError
from titan_runner.limits import NAMED, check_files, check_manifest, name_some
from titan_runner.patience import insist
from titan_runner.scans import File, Scan, fingerprint
from titan_runner.sources import download
from titan_runner.transfers import copy, digest_of, for_each, upload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from titan_runner.assignments import Assignment
    from titan_runner.scans import Fingerprint
    from titan_runner.stores import Store

    Say = Callable[[str], None]

TOLD_CONFLICTS = 50
ROUNDS = 5
"""How often a file that changes while it is being kept is looked at again."""
UNREADABLE = "WorkspaceUnreadable"


class Workspace:
    """The workspace of one attempt. Order: ``Workspace`` before the source is placed, ``fill``, run, ``look``, ``keep``."""

    def __init__(self, assignment: Assignment) -> None:
        self._terms = assignment.terms
        self.directory = assignment.program_directory
        self._is_synced = assignment.terms.mode == "Sync"
        # What is there before anybody placed a file is somebody else's, such as a volume that the user mounted here.
        self._foreign = frozenset(_names_in(self.directory)) if self._is_synced else frozenset()
        self._script = assignment.script_name
        self._source: dict[str, Fingerprint] = {}
        self._base: dict[str, tuple[str, int, Fingerprint]] = {}
        self._changed: dict[str, dict[str, Any]] = {}
        self._deleted: list[str] = []
        self._conflicts: list[str] = []

    def fill(self, store: Store, say: Say) -> None:
        """Bring what the ancestors left; the source is in place already. Raises StoreError, FetchError."""
        if not self._is_synced:
            return
        try:
            self._source = {path: file.fingerprint for path, file in Scan(self.directory, self._foreign).files.items()}
            if self._terms.parents:
                self._bring(store, say)
        except OSError as error:
            raise FetchError(f"inherited files cannot be written: {error}") from error

    def look(self, say: Say) -> None:
        """Find out what the program changed. Raises WorkspaceError if that is more than can be kept."""
        if not self._is_synced:
            return
        try:
            scan = Scan(self.directory, self._foreign)
            for path, why in scan.ignored[:NAMED]:
                say(f"titan: {path!r} is not kept: it is {why}")
            if len(scan.ignored) > NAMED:
                say(f"titan: {len(scan.ignored) - NAMED} more are not kept")
            changed = {path: file for path, file in scan.files.items() if self._is_new(path, file)}
            check_files(changed, scan)
            self._deleted = sorted(path for path in self._base if path not in scan.files)
            self._changed = {path: entry for path, file in changed.items() if (entry := _describe(file)) is not None}
        except OSError as error:
            raise WorkspaceError(f"the workspace cannot be read: {error}", UNREADABLE) from error
        check_manifest(self.record(is_success=True))

    def keep(self, store: Store, seconds: float) -> None:
        """Bring the contents of changed files to the store. Raises StoreError, WorkspaceError."""
        paths = {entry["digest"]: path for path, entry in self._changed.items()}
        for_each(paths.values(), lambda one, path: self._upload(one, path, seconds), store)

    def record(self, is_success: bool) -> dict[str, Any]:
        """The part of the outcome that speaks of files."""
        fields: dict[str, Any] = {}
        if self._is_synced and self._terms.parents:
            fields["inputs"] = self._terms.parents
        if self._conflicts:
            fields["conflicts"] = self._conflicts[:TOLD_CONFLICTS]
        if is_success and (self._changed or self._deleted):
            fields["manifest"] = {"changed": self._changed, "deleted": self._deleted}
        return fields

    def _bring(self, store: Store, say: Say) -> None:
        found = insist(lambda: store.fold(self._terms.parents))
        self._conflicts = sorted(str(path) for path in found["conflicts"])
        if self._conflicts:
            say(f"titan: parents left different versions of {name_some(self._conflicts)}; the later one is here")
        paths: dict[str, list[tuple[str, int]]] = {}
        for path, entry in found["files"].items():
            if self._make_room_for(path):
                paths.setdefault(str(entry["digest"]), []).append((path, int(entry["mode"])))
        for_each(paths.items(), self._materialise, store)

    def _make_room_for(self, path: str) -> bool:
        """The folder of an inherited file; False if the job's own source, or a volume, is in its place."""
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts) or "\0" in path:
            raise FetchError(f"the store names {path!r}, which is not a path inside a workspace")
        if parts[0] in self._foreign:
            return False
        location = os.path.join(self.directory, *parts)
        try:
            os.makedirs(os.path.dirname(location), exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            return False
        return not os.path.lexists(location)

    def _materialise(self, store: Store, item: tuple[str, list[tuple[str, int]]]) -> None:
        """One content, under each of its paths. They are copies: a program may change one and leave the others."""
        digest, paths = item
        source = os.path.join(self.directory, paths[0][0])
        download(store, digest, source)
        for path, mode in paths:
            location = os.path.join(self.directory, path)
            if location != source:
                copy(source, location)
            os.chmod(location, mode | 0o600)
            status = os.stat(location)
            self._base[path] = digest, File(location, status).mode, fingerprint(status)

    def _is_new(self, path: str, file: File) -> bool:
        if path == self._script or self._source.get(path) == file.fingerprint:
            return False
        if path not in self._base:
            return True
        digest, mode, before = self._base[path]
        if before == file.fingerprint:
            return False
        if file.mode != mode or file.size != before[0]:
            return True
        return digest_of(file.location)[0] != digest

    def _upload(self, store: Store, path: str, seconds: float) -> None:
        """A process that outlived the program may still write: what is kept is what was there at some moment."""
        for _ in range(ROUNDS):
            entry = self._changed[path]
            try:
                upload(store, os.path.join(self.directory, path), entry["digest"], entry["size"], seconds)
                return
            except FileChanged:
                time.sleep(0.1)
                self._renew(entry["digest"])
        raise WorkspaceError(f"{path!r} keeps changing although the program has ended", UNREADABLE)

    def _renew(self, digest: str) -> None:
        """Describe anew whatever was thought to have this content."""
        for path in [path for path, entry in self._changed.items() if entry["digest"] == digest]:
            location = os.path.join(self.directory, path)
            try:
                self._changed[path]["digest"], self._changed[path]["size"] = digest_of(location)
            except OSError as error:
                raise WorkspaceError(f"{path!r} vanished while it was being kept", UNREADABLE) from error


def _describe(file: File) -> dict[str, Any] | None:
    """An entry of the manifest; None for a file that vanished meanwhile."""
    try:
        digest, size = digest_of(file.location)
    except FileNotFoundError:
        return None
    return {"digest": digest, "mode": file.mode, "size": size}


def _names_in(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []

"""What lies in a directory after a program: its regular files, and what cannot be kept and why."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Fingerprint = tuple[int, int, int, int, int]

BYTECODE_FOLDER = "__pycache__"
"""Python makes it beside every module that is imported; a file that differs with each run would be a conflict of each."""
LONGEST_PATH = 4096
MOST_SEEN = 200_000
"""Where a walk ends: so many files are far beyond every limit, and each takes half a kilobyte of the pod's memory."""
_KINDS = {
    stat.S_IFSOCK: "a socket",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class File:
    """A regular file, or a link to one inside the directory, which counts as a copy of it."""

    def __init__(self, location: str, status: os.stat_result) -> None:
        self.location = location
        self.size = status.st_size
        self.mode = 0o755 if status.st_mode & stat.S_IXUSR else 0o644
        self.fingerprint = fingerprint(status)


class Scan:
    """One walk; links to folders are not followed, so it ends."""

    def __init__(self, root: str, hidden: frozenset[str] = frozenset()) -> None:
        self._root = os.path.realpath(root)
        self.files: dict[str, File] = {}
        """By path inside the directory, with ``/``."""
        self.ignored: list[tuple[str, str]] = []
        """Path, and why it is no file to keep."""
        self.is_cut = False
        """There are more."""
        folders = [""]
        while folders and not self.is_cut:
            folder = folders.pop()
            for entry in self._entries(folder):
                path = f"{folder}{entry.name}"
                if path in hidden or entry.name == BYTECODE_FOLDER:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                else:
                    self._add(path, entry)
                self.is_cut = len(self.files) > MOST_SEEN

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:
                yield from entries
        except FileNotFoundError:
            return  # A process that outlived the program has just removed it.

    def _add(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            status = entry.stat()
        except FileNotFoundError:
            if entry.is_symlink():
                self.ignored.append((path, "a link to nothing"))
            return
        except OSError as error:
            self.ignored.append((path, f"unreadable ({error.strerror})"))
            return
        why = self._why_not(path, entry, status)
        if why:
            self.ignored.append((path, why))
        else:
            self.files[path] = File(os.path.join(self._root, path), status)

    def _why_not(self, path: str, entry: os.DirEntry[str], status: os.stat_result) -> str:
        if entry.is_symlink():
            target = os.path.realpath(os.path.join(self._root, path))
            if not target.startswith(os.path.join(self._root, "")):
                return "a link that leads out of the workspace"
            if stat.S_ISDIR(status.st_mode):
                return "a link to a folder"
        if not stat.S_ISREG(status.st_mode):
            return _KINDS.get(stat.S_IFMT(status.st_mode), "no regular file")
        try:
            return "named with too long a path" if len(path.encode()) > LONGEST_PATH else ""
        except UnicodeEncodeError:
            return "named with bytes that are not UTF-8"


def fingerprint(status: os.stat_result) -> Fingerprint:
    """Changes whenever content or permissions do: nobody can set a ctime back, as programs do with an mtime."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode

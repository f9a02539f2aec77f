"""Untrusted zip archives: nothing is written outside the directory, only files and folders, of limited size."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
import zlib

from titan_runner.errors import SourceError

LARGEST_CONTENT = 2 * 1024**3
"""Bytes of all files together; the declared sizes are checked before, and zipfile never inflates beyond them."""
MOST_FILES = 20_000
CANNOT_RUN = 126


def unpack(path: str, root: str) -> None:
    """Unpack into a directory. Raises SourceError, before anything is written if the list of files is at fault."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check(members)
            for member in members:
                _extract(archive, member, os.path.join(root, *_parts(member)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"the archive is damaged or of an unknown kind: {error}", CANNOT_RUN) from error


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES:
        raise _unsafe(f"more than {MOST_FILES} files")
    if sum(member.file_size for member in members) > LARGEST_CONTENT:
        raise _unsafe(f"more than {LARGEST_CONTENT} bytes when unpacked")
    for member in members:
        name = member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in _parts(member) or not _parts(member):
            raise _unsafe(f"the path {name!r}")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _unsafe(f"{name!r}, which is a link or a device")
        if member.flag_bits & 0x1:
            raise _unsafe(f"{name!r}, which is encrypted")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: str) -> None:
    try:
        if member.is_dir():
            os.makedirs(target, exist_ok=True)
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(member) as packed, open(target, "wb") as file:
            shutil.copyfileobj(packed, file)
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise _unsafe(f"{member.filename!r} both as a file and as a folder") from error
    if (member.external_attr >> 16) & 0o111:
        os.chmod(target, 0o755)


def _parts(member: zipfile.ZipInfo) -> list[str]:
    return [part for part in member.filename.split("/") if part not in ("", ".")]


def _unsafe(what: str) -> SourceError:
    return SourceError(f"the archive is refused: it contains {what}", CANNOT_RUN)

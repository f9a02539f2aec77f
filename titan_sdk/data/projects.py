"""A project folder as a zip: the same files always make the same bytes, so equal projects are uploaded once."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

LEFT_OUT = frozenset({"__pycache__", ".git"})
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can say; real times would make equal projects differ."""


def zip_folder(folder: Path, target: Path) -> None:
    """Write the regular files of a folder into a zip. Links to files are followed, links to folders are not."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in list_files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
                while chunk := source.read(1024 * 1024):
                    sink.write(chunk)


def list_files(folder: Path) -> Iterator[Path]:
    """The files that belong to a project, in the order of their names."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in sorted(files):
            path = Path(root) / name
            if name not in LEFT_OUT and path.is_file():
                yield path

"""What a job runs: a script that was read when the job was described, or an entry of an uploaded project.

A script that ``deploy_script`` left in the store is read from there when no local file has its name; so one rule
holds for all: whoever has a TitanJob has its code.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from titan_sdk.data.artifacts import DEPLOYED_FOLDER
from titan_sdk.errors import TitanError


@dataclass(frozen=True)
class Script:
    """A script and the name that it has in the job's pod."""

    file_name: str
    content: bytes


@dataclass(frozen=True)
class ArchiveEntry:
    """A script inside a project's zip that was, or will be, uploaded before the job is submitted."""

    archive: str
    """Name of the zip among the files."""
    entrypoint: str
    """Path inside the zip."""


def load_source(job_id: str, filename: str | None, content: str | None, *, is_archive: bool) -> Script | ArchiveEntry:
    """The source of a job. Raises ValueError, or FileNotFoundError naming the script."""
    if is_archive:
        return parse_archive(job_id, str(filename or ""))
    if content is not None:
        return Script(_file_name(filename), _encoded(job_id, content))
    if not filename:
        raise ValueError(f"job {job_id!r} needs a filename or script_content")
    path = Path(filename)
    try:
        return Script(path.name, path.read_bytes())
    except FileNotFoundError as error:
        deployed = read_deployed(str(filename), _read_from_store) if path.name == str(filename) else None
        if deployed is None:
            raise FileNotFoundError(error.errno, f"job {job_id!r}: there is no script", str(filename)) from error
        return Script(path.name, deployed)
    except IsADirectoryError as error:
        text = f"job {job_id!r}: the script is a directory (a folder is uploaded by upload_project_folder)"
        raise IsADirectoryError(error.errno, text, str(filename)) from error


def parse_archive(job_id: str, filename: str) -> ArchiveEntry:
    """``NAME.zip/path/in/zip.py`` in its parts. Raises ValueError."""
    normal = filename.replace(os.sep, "/")
    archive, separator, entrypoint = normal.partition(".zip/")
    parts = entrypoint.split("/")
    if not separator or not archive or not entrypoint or ".." in parts or "" in parts:
        raise ValueError(f"the archive job {job_id!r} needs a filename like 'project.zip/main.py', not {filename!r}")
    return ArchiveEntry(f"{archive.rpartition('/')[2]}.zip", entrypoint)


def read_deployed(name: str, read: Callable[[str], bytes]) -> bytes | None:
    """A script that ``deploy_script`` left; None if there is none, or nobody to ask."""
    try:
        return read(DEPLOYED_FOLDER + name)
    except TitanError:
        return None


def _read_from_store(name: str) -> bytes:
    """One quick look: a misspelled path must not wait for a store that is away."""
    from titan_sdk.connections import Connections
    from titan_sdk.data.files import Files
    from titan_sdk.transport.retrying import NO_PATIENCE

    return Files(Connections(patience=NO_PATIENCE).store()).read(name)


def _file_name(filename: str | None) -> str:
    return Path(filename).name if filename else "script.py"


def _encoded(job_id: str, content: str) -> bytes:
    if not isinstance(content, str):
        raise ValueError(f"script_content of job {job_id!r} must be a string, not {type(content).__name__}")
    return content.encode()

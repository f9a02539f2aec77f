"""What a job runs: a script that was read when the job was described, or one that is in the store already.

Describing a job opens no connection: what is in the store is only named here, and looked up at submission.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Union


@dataclass(frozen=True)
class Script:
    """A script and the name that it has in the job's pod."""

    file_name: str
    content: bytes


@dataclass(frozen=True)
class DeployedScript:
    """A script that ``deploy_script`` left in the store; a submission raises FileNotFoundError if nobody did."""

    file_name: str


@dataclass(frozen=True)
class ArchiveEntry:
    """A script inside a project's zip that was, or will be, uploaded before the job is submitted."""

    archive: str
    """Name of the zip among the files."""
    entrypoint: str
    """Path inside the zip."""


Source = Union[Script, DeployedScript, ArchiveEntry]


def load_source(job_id: str, filename: str | None, content: str | None, *, is_archive: bool) -> Source:
    """The source of a job. Raises ValueError, or FileNotFoundError naming the script.

    A bare name without a file may be one that ``deploy_script`` left; a path with a folder is a file of this machine.
    """
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
        if path.name == str(filename):
            return DeployedScript(path.name)
        raise missing_script(job_id, str(filename)) from error
    except IsADirectoryError as error:
        text = f"job {job_id!r}: the script is a directory (a folder is uploaded by upload_project_folder)"
        raise IsADirectoryError(error.errno, text, str(filename)) from error


def missing_script(job_id: str, filename: str) -> FileNotFoundError:
    """The error for a script that is nowhere."""
    return FileNotFoundError(errno.ENOENT, f"job {job_id!r}: there is no script", filename)


def parse_archive(job_id: str, filename: str) -> ArchiveEntry:
    """``NAME.zip/path/in/zip.py`` in its parts. Raises ValueError."""
    normal = filename.replace(os.sep, "/")
    archive, separator, entrypoint = normal.partition(".zip/")
    parts = entrypoint.split("/")
    if not separator or not archive or not entrypoint or ".." in parts or "" in parts:
        raise ValueError(f"the archive job {job_id!r} needs a filename like 'project.zip/main.py', not {filename!r}")
    return ArchiveEntry(f"{archive.rpartition('/')[2]}.zip", entrypoint)


def _file_name(filename: str | None) -> str:
    return Path(filename).name if filename else "script.py"


def _encoded(job_id: str, content: str) -> bytes:
    if not isinstance(content, str):
        raise ValueError(f"script_content of job {job_id!r} must be a string, not {type(content).__name__}")
    return content.encode()

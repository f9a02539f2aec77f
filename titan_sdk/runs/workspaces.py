"""What jobs left in their workspaces (``client.workspace``): listed and downloaded, never changed from outside.

A job that succeeded leaves the files that it found, with its own changes; a DAG leaves those of all its jobs that
have succeeded so far. Programs need not upload anything for that.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from titan_api import names
from titan_sdk.cluster.kube import Kube
from titan_sdk.data.files import Files
from titan_sdk.data.store import Call, Store
from titan_sdk.data.transfers import Progress
from titan_sdk.errors import TitanConflict, TitanNotFound
from titan_sdk.runs import lookups
from titan_sdk.runs.targets import find_target

EXECUTABLE = 0o111


@dataclass(frozen=True)
class WorkspaceFile:
    """A file that a job left."""

    path: str
    """Inside the workspace, with ``/``."""
    size: int
    digest: str
    """``sha256:`` and 64 hexadecimal digits."""
    executable: bool
    job_uid: str
    """Of the TitanJob that left this version."""


class Workspace:
    """The files of a DAG or a job, as they were when it was asked for."""

    def __init__(self, files: Files, found: Mapping[str, Any]) -> None:
        self._files = files
        self._found = {path: _view(path, entry) for path, entry in found["files"].items()}
        self.conflicts: tuple[str, ...] = tuple(found["conflicts"])
        """Paths of which jobs that do not know each other left different versions; the newest is listed."""

    def list(self, prefix: str = "") -> list[WorkspaceFile]:
        """The files whose paths begin so, sorted by path."""
        return [file for path, file in sorted(self._found.items()) if path.startswith(prefix)]

    def download(
        self, path: str, to: str | os.PathLike[str] | None = None, progress: Progress | None = None
    ) -> WorkspaceFile:
        """Fetch a file to a path or into a folder, by default into the current one; it appears only when whole.

        Raises TitanNotFound, OSError.
        """
        file = self._found.get(path)
        if file is None:
            raise TitanNotFound(f"there is no file {path!r} in this workspace")
        target = Path() if to is None else Path(to)
        return save(self._files, file, target / PurePosixPath(path).name if target.is_dir() else target, progress)

    def download_all(self, folder: str | os.PathLike[str]) -> tuple[WorkspaceFile, ...]:
        """Fetch everything into a folder, which is made if need be; folders below it as in the workspace."""
        files = tuple(self.list())
        for file in files:
            target = Path(folder, *_parts(file.path))
            target.parent.mkdir(parents=True, exist_ok=True)
            save(self._files, file, target)
        return files


def open_workspace(kube: Kube, store: Store, target: str) -> Workspace:
    """The workspace of a DAG or a job. Raises TitanNotFound, and TitanConflict for a job that has left nothing yet."""
    found = find_target(kube, target)
    if found.is_dag:
        parents = [_input(job) for job in lookups.list_jobs(kube, found.name) if _has_left_files(job)]
    else:
        job = kube.get(names.PLURAL_JOBS, found.name)
        if not _has_left_files(job):
            phase = (job.get("status") or {}).get("phase") or "Pending"
            raise TitanConflict(f"the job {job['spec']['jobID']!r} has left no files: it is {phase}")
        parents = [_input(job)]
    body = json.dumps({"parents": parents}).encode()
    headers = {"Content-Type": "application/json"}
    return Workspace(Files(store), store.call(Call("POST", "/workspace", body=body, headers=headers)).json())


def find_newest(store: Store, name: str) -> WorkspaceFile | None:
    """The file of that path that was left last in any workspace, else the last one of that name in any folder."""
    reply = store.call(Call("GET", "/workspace/file", {"name": name}), allow=("FileNotFound",))
    return _view(reply.json()["path"], reply.json()) if reply.status < 300 else None


def save(files: Files, file: WorkspaceFile, target: Path, progress: Progress | None = None) -> WorkspaceFile:
    """Download one version of a file, with its permission to be executed. Raises TitanError, OSError."""
    files.download_blob(file.digest, target, progress)
    if file.executable:
        target.chmod(target.stat().st_mode | EXECUTABLE)
    return file


def _has_left_files(job: Mapping[str, Any]) -> bool:
    spec, status = job["spec"], job.get("status") or {}
    runs_once = spec.get("type") != "Service" and "container" not in spec["source"]
    return runs_once and status.get("phase") == "Succeeded"


def _input(job: Mapping[str, Any]) -> dict[str, object]:
    return {"job": job["metadata"]["uid"], "attempt": job["status"]["attempt"]}


def _view(path: str, entry: Mapping[str, Any]) -> WorkspaceFile:
    executable = bool(int(entry["mode"]) & EXECUTABLE)
    return WorkspaceFile(
        "/".join(_parts(path)), int(entry["size"]), str(entry["digest"]), executable, str(entry["job"])
    )


def _parts(path: str) -> tuple[str, ...]:
    """Of a path from the store, which becomes one on this machine: it must not lead out of a folder."""
    parts = tuple(path.split("/"))
    if any(part in ("", ".", "..") for part in parts) or "\0" in path:
        raise TitanNotFound(f"the store names {path!r}, which is no path inside a workspace")
    return parts

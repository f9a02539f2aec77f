"""The file calls of the earlier Titan: uploads that answer in words, artifacts that are registered under a key.

An artifact's key holds the file's name, as programs expect. Because two runs may publish files of one name, the
content is also kept by its digest, under a key of its own: ``get_artifact`` never returns another run's file.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from titan_api import publications
from titan_api.views import ArtifactView
from titan_sdk.data.files import Files
from titan_sdk.data.projects import zip_folder
from titan_sdk.data.values import Values
from titan_sdk.errors import TitanNotFound

UPLOADED = "UPLOAD_SUCCESS"
DEPLOYED = "DEPLOY_SUCCESS"
DEPLOYED_FOLDER = "perm_files/"
"""Where deployed scripts lie among the files, by the name of that folder in the earlier Titan."""
ARTIFACT_FOLDER = Path("/tmp")
"""Where artifacts are saved if nobody says where; programs open them there."""

PathLike = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Artifact:
    """What is registered under a key."""

    name: str
    digest: str | None
    """None if only the name was registered, by hand."""


def upload_file(files: Files, path: PathLike, folder: str = "", done: str = UPLOADED) -> str:
    """Upload a file under its own name; the answer in words. Raises TitanError."""
    source = Path(path)
    if not source.is_file():
        return f"ERROR: File not found at: {path}"
    files.upload(source, folder + source.name)
    return done


def deploy_script(files: Files, path: PathLike) -> str:
    """Upload a script that jobs may then name without having it. Raises TitanError."""
    return upload_file(files, path, DEPLOYED_FOLDER, DEPLOYED)


def read_deployed(files: Files, name: str) -> bytes | None:
    """A script that ``deploy_script`` left; None if there is none. Raises TitanError."""
    try:
        return files.read(DEPLOYED_FOLDER + name)
    except TitanNotFound:
        return None


def upload_project_folder(files: Files, path: PathLike, project_name: str | None = None) -> str:
    """Zip a folder and upload it as ``<project_name>.zip``; the answer in words. Raises TitanError."""
    folder = Path(path)
    if not folder.is_dir():
        return f"ERROR: File not found at: {path}"
    name = (project_name or folder.resolve().name).removesuffix(".zip")
    upload_folder(files, folder, f"{name}.zip")
    return UPLOADED


def upload_folder(files: Files, folder: Path, name: str) -> str:
    """Zip a project's folder and upload it as ``upload_archive`` does."""
    with tempfile.TemporaryDirectory(prefix="titan-") as directory:
        archive = Path(directory) / "project.zip"
        zip_folder(folder, archive)
        return upload_archive(files, archive, name)


def upload_archive(files: Files, archive: Path, name: str) -> str:
    """Upload a project's zip: pods fetch it by its digest, which is returned; people find it by its name."""
    digest = files.upload_blob(archive)
    files.upload(archive, name)
    return digest


def publish(files: Files, values: Values, key: str, path: PathLike, agent_run_id: str | None = None) -> None:
    """Upload a file and register its name under a key. Raises TitanError, OSError, ValueError.

    ``agent_run_id``: the run of the job that publishes, so that the file shows among those of the run.
    """
    source = Path(path)
    digest = files.upload_blob(source)
    files.upload(source)
    values.put(publications.digest_key(key), publications.write_record(source.name, digest))
    values.put(key, source.name)
    if agent_run_id is not None:
        values.sadd(publications.RUN_PREFIX + agent_run_id, key)


def find(values: Values, key: str) -> Artifact:
    """What is registered under a key. Raises TitanError."""
    name = publications.read_name(values.get(key))
    if name is None:
        raise TitanNotFound(f"the key {key!r} names no file")
    known = values.find(publications.digest_key(key))
    return Artifact(name, publications.read_digest(known.text if known is not None else None, name))


def list_of_run(values: Values, run_id: str) -> list[ArtifactView]:
    """The files of an agent run, by key: those that its jobs published, and those under keys ``run:<id>:...``."""
    keys = set(values.smembers(publications.RUN_PREFIX + run_id))
    keys |= {key.removeprefix(publications.DIGEST_PREFIX) for key in values.list(publications.keys_prefix(run_id))}
    views = []
    for key in sorted(keys):
        with contextlib.suppress(TitanNotFound):
            artifact = find(values, key)
            views.append(ArtifactView(key, artifact.name, artifact.digest or ""))
    return views


def save(files: Files, artifact: Artifact, target: Path) -> None:
    """Download an artifact, and nothing else of its name. Raises TitanError, OSError."""
    if artifact.digest is None:
        files.download(artifact.name, target)
        return
    try:
        files.download_blob(artifact.digest, target)
    except TitanNotFound:
        # Blobs are kept only for a while; the file will do as long as it is still the same.
        known = files.find(artifact.name)
        if known is None or known.digest != artifact.digest:
            raise
        files.download(artifact.name, target)


def target_of(name: str, save_path: PathLike | None, folder: Path) -> Path:
    """Where a file goes: the path given, inside it if it is a folder, else the default folder."""
    if save_path is None:
        return folder / Path(name).name
    path = Path(save_path)
    return path / Path(name).name if path.is_dir() else path

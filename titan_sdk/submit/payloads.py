"""Bringing what a job runs to where its pod finds it: into the TitanJob itself, or into the store by digest."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from titan_api.defaults import INLINE_SOURCE_LIMIT
from titan_api.json_types import Json
from titan_sdk.data.artifacts import read_deployed
from titan_sdk.data.files import Files
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Submission
from titan_sdk.submit.sources import ArchiveEntry, DeployedScript, Script, missing_script


def publish(
    planned: Sequence[Submission], files: Callable[[], Files], uploaded: Mapping[str, str] | None = None
) -> list[Submission]:
    """The submissions with their sources; what is too big to travel inside is in the store when this returns.

    ``files`` is called only if the store is needed. ``uploaded``: digests of archives by name, of which it is known.
    Raises FileNotFoundError before anything is sent, for a script that nobody deployed, and ValueError for an
    archive that nobody uploaded.
    """
    publisher = _Publisher(files, uploaded or {})
    for one in planned:
        publisher.fetch(one.job)
    return [replace(one, source=publisher.publish(one.job)) for one in planned]


class _Publisher:
    """The sources of one submission: each content is fetched and sent once, however many jobs share it."""

    def __init__(self, files: Callable[[], Files], archives: Mapping[str, str]) -> None:
        self._files = files
        self._archives = dict(archives)
        self._deployed: dict[str, Script] = {}
        self._digests: dict[bytes, str] = {}

    def fetch(self, job: TitanJob) -> None:
        """Read a script that ``deploy_script`` left. Raises FileNotFoundError."""
        if isinstance(job.source, DeployedScript) and job.source.file_name not in self._deployed:
            name = job.source.file_name
            content = read_deployed(self._files(), name)
            if content is None:
                raise missing_script(job.job_id, name)
            self._deployed[name] = Script(name, content)

    def publish(self, job: TitanJob) -> Json:
        """spec.source of a job."""
        source = self._deployed[job.source.file_name] if isinstance(job.source, DeployedScript) else job.source
        if isinstance(source, ArchiveEntry):
            if source.archive not in self._archives:
                self._archives[source.archive] = _publish_archive(job.job_id, source.archive, self._files())
            return {"archive": {"digest": self._archives[source.archive], "entrypoint": source.entrypoint}}
        inline = _inline(source.content)
        if inline is not None:
            return {"inline": {"fileName": source.file_name, "content": inline}}
        if source.content not in self._digests:
            self._digests[source.content] = self._files().upload_blob(source.content)
        return {"script": {"fileName": source.file_name, "digest": self._digests[source.content]}}


def _inline(content: bytes) -> str | None:
    if len(content) > INLINE_SOURCE_LIMIT or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _publish_archive(job_id: str, archive: str, files: Files) -> str:
    """Digest of an uploaded archive as it is now; later uploads of the same name do not change this submission."""
    known = files.find(archive)
    if known is None:
        raise ValueError(
            f"job {job_id!r} runs in the archive {archive!r}, which nobody uploaded: call upload_project_folder first"
        )
    if not files.has_blob(known.digest):
        # Somebody uploaded the zip as an ordinary file; pods fetch archives by digest.
        with tempfile.TemporaryDirectory(prefix="titan-") as directory:
            path = Path(directory) / "archive.zip"
            files.download(archive, path)
            return files.upload_blob(path)
    return known.digest

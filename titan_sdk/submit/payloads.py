"""Bringing what a job runs to where its pod finds it: into the TitanJob itself, or into the store by digest."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from titan_api.defaults import INLINE_SOURCE_LIMIT
from titan_sdk.data.files import Files
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Submission
from titan_sdk.submit.sources import ArchiveEntry

Json = dict[str, Any]


def publish(
    planned: Sequence[Submission], files: Callable[[], Files], uploaded: Mapping[str, str] | None = None
) -> list[Submission]:
    """The submissions with their sources; what is too big to travel inside is in the store when this returns.

    ``files`` is called only if the store is needed. ``uploaded``: digests of archives by name, of which it is known.
    Raises ValueError for an archive that nobody uploaded.
    """
    publisher = _Publisher(files, uploaded or {})
    return [replace(one, source=publisher.publish(one.job)) for one in planned]


class _Publisher:
    """The sources of one submission: each content is sent once, however many jobs share it."""

    def __init__(self, files: Callable[[], Files], archives: Mapping[str, str]) -> None:
        self._files = files
        self._archives = dict(archives)
        self._digests: dict[bytes, str] = {}

    def publish(self, job: TitanJob) -> Json:
        """spec.source of a job."""
        source = job.source
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

"""Bringing what a job runs to where its pod finds it: into the TitanJob itself, or into the store by digest."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from titan_api.defaults import INLINE_SOURCE_LIMIT
from titan_sdk.data.files import Files
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.sources import ArchiveEntry

Json = dict[str, Any]


def publish_sources(
    jobs: Sequence[TitanJob], files: Callable[[], Files], uploaded: Mapping[str, str] | None = None
) -> list[Json]:
    """spec.source of each job; what is too big to travel inside is in the store when this returns.

    ``files`` is called only if something has to go there. ``uploaded``: digests of archives by name, of which it is
    known. Raises ValueError for an archive that was never uploaded.
    """
    digests: dict[bytes, str] = {}
    archives: dict[str, str] = dict(uploaded or {})
    sources: list[Json] = []
    for job in jobs:
        source = job.source
        if isinstance(source, ArchiveEntry):
            if source.archive not in archives:
                archives[source.archive] = _publish_archive(job.job_id, source.archive, files())
            sources.append({"archive": {"digest": archives[source.archive], "entrypoint": source.entrypoint}})
            continue
        inline = _inline(source.content)
        if inline is not None:
            sources.append({"inline": {"fileName": source.file_name, "content": inline}})
            continue
        if source.content not in digests:
            digests[source.content] = files().upload_blob(source.content)
        sources.append({"script": {"fileName": source.file_name, "digest": digests[source.content]}})
    return sources


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

"""Bringing what a job runs to where its pod finds it: into the TitanJob itself, or into the store by digest."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from titan_sdk.files import Files
from titan_sdk.jobs import TitanJob
from titan_sdk.sources import ArchiveEntry, Script

Json = dict[str, Any]
INLINE_BYTES = 4096
"""Scripts up to this size travel inside the TitanJob; it is INLINE_SOURCE_LIMIT of titan_sdk.api.jobs."""


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
        match job.source:
            case Script(file_name, content):
                inline = _inline(content)
                if inline is not None:
                    sources.append({"inline": {"fileName": file_name, "content": inline}})
                    continue
                if content not in digests:
                    digests[content] = files().upload_blob(content)
                sources.append({"script": {"fileName": file_name, "digest": digests[content]}})
            case ArchiveEntry(archive, entrypoint):
                if archive not in archives:
                    archives[archive] = _publish_archive(job.job_id, archive, files())
                sources.append({"archive": {"digest": archives[archive], "entrypoint": entrypoint}})
    return sources


def _inline(content: bytes) -> str | None:
    if len(content) > INLINE_BYTES or b"\0" in content:
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

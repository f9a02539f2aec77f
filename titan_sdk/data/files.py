"""Files of the store: streamed both ways, and never half there (``client.files``).

An upload names its sha256 beforehand, so a broken one leaves what was there; a download goes to a temporary file
beside its target and takes the name only when size and sha256 are right. One that breaks off goes on where it was.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from titan_api.defaults import LONGEST_PATH
from titan_api.digests import digest_of, digest_of_file, repr_digest
from titan_api.times import parse_time
from titan_sdk.checks import check_key
from titan_sdk.data.store import Call, Store
from titan_sdk.data.transfers import Download, Progress, Reported, appearing
from titan_sdk.errors import TitanUnavailable
from titan_sdk.transport.retrying import insist

TRANSFER_SECONDS = 60.0
"""Longest silence during a transfer: a big file is made durable before the answer comes."""


@dataclass(frozen=True)
class FileView:
    """A file in the store."""

    name: str
    size: int
    digest: str
    """``sha256:`` and 64 hexadecimal digits."""
    updated: datetime | None = None


class Files:
    """Files by name, and blobs by digest. All calls raise TitanError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def upload(
        self, path: str | os.PathLike[str], name: str | None = None, progress: Progress | None = None
    ) -> FileView:
        """Store a file under a name (default: its own), replacing any other at once or not at all."""
        source = Path(path)
        stored_name = _check_name(name if name is not None else source.name)
        digest, size = digest_of_file(source)
        known = self.find(stored_name)
        if known is not None and known.digest == digest:
            return known
        self._send(source, "/file", {"name": stored_name}, digest, size, progress)
        return FileView(stored_name, size, digest)

    def upload_blob(self, source: Path | bytes) -> str:
        """Store content under its digest, which is returned; what is there already is not sent again."""
        if isinstance(source, bytes):
            digest = digest_of(source)
            if not self.has_blob(digest):
                headers = {"Repr-Digest": repr_digest(digest)}
                self._store.call(Call("PUT", "/blob", {"digest": digest}, source, headers, TRANSFER_SECONDS))
            return digest
        digest, size = digest_of_file(source)
        if not self.has_blob(digest):
            self._send(source, "/blob", {"digest": digest}, digest, size, None)
        return digest

    def has_blob(self, digest: str) -> bool:
        """Whether the store has that content."""
        return self._store.has("/blob", {"digest": digest})

    def find(self, name: str) -> FileView | None:
        """The file of exactly that name, or None."""
        page = self._store.call(Call("GET", "/files", {"prefix": name, "limit": 1})).json()
        # Names are sorted, and nothing that begins with a name comes before the name itself.
        return next((view for view in map(_view, page["items"]) if view.name == name), None)

    def list(self, prefix: str = "") -> list[FileView]:
        """The files whose names begin so, sorted by name."""
        return list(map(_view, self._store.items("/files", prefix)))

    def read(self, name: str) -> bytes:
        """A small file's content. Raises TitanNotFound."""
        return self._store.call(Call("GET", "/file", {"name": _check_name(name)})).body

    def download(self, name: str, path: str | os.PathLike[str], progress: Progress | None = None) -> FileView:
        """Fetch a file to a path, which appears only when it is whole. Raises TitanNotFound, OSError."""
        return self._fetch(Call("GET", "/file", {"name": _check_name(name)}), name, Path(path), progress)

    def download_blob(self, digest: str, path: str | os.PathLike[str], progress: Progress | None = None) -> FileView:
        """Fetch content by its digest. Raises TitanNotFound, OSError."""
        return self._fetch(Call("GET", "/blob", {"digest": digest}), digest, Path(path), progress, digest)

    def delete(self, name: str) -> bool:
        """Remove a file; whether it was there."""
        call = Call("DELETE", "/file", {"name": _check_name(name)})
        return self._store.call(call, allow=("FileNotFound",)).status < 300

    def _send(
        self, source: Path, path: str, query: dict[str, str | int], digest: str, size: int, progress: Progress | None
    ) -> None:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
            "Repr-Digest": repr_digest(digest),
        }

        def attempt() -> None:
            with source.open("rb") as file:
                body = Reported(file, size, progress) if progress is not None else file
                self._store.once(Call("PUT", path, query, body, headers, TRANSFER_SECONDS))

        insist(attempt, self._store.clock, idempotent=True)

    def _fetch(
        self, call: Call, name: str, target: Path, progress: Progress | None, expected: str | None = None
    ) -> FileView:
        with appearing(target) as file:
            download = Download(name, file, progress, expected)

            def attempt() -> None:
                stream = self._store.open(replace(call, headers={**call.headers, **download.headers()}))
                try:
                    download.receive(stream)
                finally:
                    stream.close()

            while True:
                before = download.size
                try:
                    insist(attempt, self._store.clock, idempotent=True)
                    break
                except TitanUnavailable:
                    # Patience ends with a store that sends nothing more, not with one that breaks off now and then.
                    if download.size <= before:
                        raise
        return FileView(name, download.size, download.digest)


def _check_name(name: str) -> str:
    return check_key(name, f"a file name (at most {LONGEST_PATH} characters)")


def _view(item: dict[str, object]) -> FileView:
    return FileView(str(item["name"]), int(str(item["size"])), str(item["digest"]), parse_time(item.get("updateTime")))

"""Moving the bytes of files: read in pieces, checked by sha256, and visible only when they are whole."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Optional

from titan_api.digests import PREFIX
from titan_sdk.errors import TitanUnavailable
from titan_sdk.transport.http import Stream

HTTP_PARTIAL = 206
Progress = Callable[[int, Optional[int]], None]
"""Called with the bytes moved so far, and all bytes where they are known."""


class Download:
    """Content on its way into a file. What has arrived stays when the connection breaks, and the rest is asked for.

    ``digest``: of the whole content; None until the store has said it.
    """

    def __init__(self, name: str, file: BinaryIO, progress: Progress | None, digest: str | None = None) -> None:
        self._name = name
        self._file = file
        self._progress = progress
        self._digest = digest
        self._seen = hashlib.sha256()
        self.size = 0
        """Bytes that have arrived."""

    @property
    def digest(self) -> str:
        """Of the whole content, as far as it is known."""
        return self._digest or ""

    def headers(self) -> dict[str, str]:
        """What asks for the rest, as long as the content is still the same."""
        if not self.size:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": f'"{self.digest}"'}

    def receive(self, stream: Stream) -> None:
        """Take what comes in, and check the whole. Raises TitanUnavailable if it breaks off or is not what it should be."""
        told = digest_in(stream.headers.get("repr-digest", ""))
        if stream.status != HTTP_PARTIAL or _start_of(stream) != self.size or told not in ("", self._digest):
            # From the beginning: this is the first try, or another file has the name now.
            self._restart(told)
        length = stream.headers.get("content-length")
        total = self.size + int(length) if length else None
        # A connection that breaks after the last byte has broken nothing, and there would be no rest to ask for.
        while self.size != total and (chunk := stream.read()):
            self._file.write(chunk)
            self._seen.update(chunk)
            self.size += len(chunk)
            if self._progress is not None:
                self._progress(self.size, total)
        if total is not None and self.size < total:
            raise TitanUnavailable(f"{self._name!r} broke off after {self.size} of {total} bytes", maybe_done=True)
        if PREFIX + self._seen.hexdigest() != self._digest:
            digest = self._digest
            self._restart("")
            raise TitanUnavailable(
                f"{self._name!r} arrived damaged: its sha256 is not {digest or 'known'}", maybe_done=True
            )

    def _restart(self, told: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._seen, self.size = hashlib.sha256(), 0
        self._digest = told or self._digest


@contextmanager
def appearing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the target's name if the block ends well, and vanishes if not."""
    temporary = target.parent / f".titan-{secrets.token_hex(8)}.part"
    try:
        with temporary.open("xb") as file:
            yield file
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class Reported:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress) -> None:
        self._file = file
        self._size = size
        self._progress = progress
        self._done = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next piece."""
        chunk = self._file.read(size)
        self._done += len(chunk)
        self._progress(self._done, self._size)
        return chunk


def digest_in(header: str) -> str:
    """The digest in a Repr-Digest header; empty if there is none, which no content matches."""
    for part in header.split(","):
        algorithm, _, value = part.strip().partition("=")
        if algorithm == "sha-256" and len(value) > 2:
            return PREFIX + base64.b64decode(value.strip(":")).hex()
    return ""


def _start_of(stream: Stream) -> int | None:
    """Where the piece that comes begins, by its Content-Range: ``bytes 100-199/200``."""
    start = stream.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdigit() else None

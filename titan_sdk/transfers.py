"""Moving the bytes of files: read in pieces, checked by sha256, and visible only when they are whole."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from titan_sdk.errors import TitanUnavailable

Progress = Callable[[int, int | None], None]
"""Called with the bytes moved so far, and all bytes where they are known."""


def digest_of(path: Path) -> tuple[str, int]:
    """Digest and size of a file, read in pieces."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return f"sha256:{digest.hexdigest()}", file.tell()


def copy_checked(
    read: Callable[[], bytes],
    file: BinaryIO,
    name: str,
    digest: str,
    total: int | None,
    progress: Progress | None,
) -> int:
    """Write what comes, and check it. Raises TitanUnavailable if it is not what the store said it would be."""
    seen, size = hashlib.sha256(), 0
    while chunk := read():
        file.write(chunk)
        seen.update(chunk)
        size += len(chunk)
        if progress is not None:
            progress(size, total)
    if f"sha256:{seen.hexdigest()}" != digest:
        raise TitanUnavailable(f"{name!r} arrived damaged: its sha256 is not {digest or 'known'}", maybe_done=True)
    return size


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


def repr_digest(digest: str) -> str:
    """RFC 9530 form of a digest."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(digest.removeprefix('sha256:'))).decode()}:"


def digest_in(header: str) -> str:
    """The digest in a Repr-Digest header; empty if there is none, which no content matches."""
    for part in header.split(","):
        algorithm, _, value = part.strip().partition("=")
        if algorithm == "sha-256" and len(value) > 2:
            return f"sha256:{base64.b64decode(value.strip(':')).hex()}"
    return ""

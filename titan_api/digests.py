"""SHA-256 as JSON and headers spell it: ``sha256:<hex>``, and Repr-Digest."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

PREFIX = "sha256:"
DIGEST = rf"{PREFIX}[0-9a-f]{{64}}"
"""What a digest looks like."""
_CHUNK_BYTES = 256 * 1024


def digest_of(content: bytes) -> str:
    """The digest of some content."""
    return PREFIX + hashlib.sha256(content).hexdigest()


def digest_of_file(path: Path) -> tuple[str, int]:
    """Digest and size of a file, read in pieces."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
        return PREFIX + digest.hexdigest(), file.tell()


def repr_digest(digest: str) -> str:
    """The value of the header Repr-Digest (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(digest.removeprefix(PREFIX))).decode()}:"

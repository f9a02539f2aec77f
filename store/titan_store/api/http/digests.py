"""SHA-256 in its three spellings: plain hexadecimal inside, ``sha256:<hex>`` in JSON, Repr-Digest in headers."""

import base64
import binascii
import re

from titan_api.digests import PREFIX
from titan_store.errors import BadRequest, DigestMismatch

REPR_DIGEST = "Repr-Digest"
_SHA256 = re.compile(r"sha-256=:([A-Za-z0-9+/=]*):")


def format_digest(digest: str) -> str:
    """For JSON."""
    return PREFIX + digest


def parse_header(header: str | None) -> str | None:
    """The hexadecimal digest of a Repr-Digest header; None if it names other algorithms only. Raises BadRequest."""
    for member in (header or "").split(","):
        name = member.strip().partition("=")[0].lower()
        if name != "sha-256":
            continue
        match = _SHA256.fullmatch(member.strip(), 0)
        try:
            digest = base64.b64decode(match[1], validate=True) if match else b""
        except binascii.Error:
            digest = b""
        if len(digest) != 32:
            raise BadRequest("Repr-Digest is malformed; it looks like sha-256=:<base64>: (RFC 9530).")
        return digest.hex()
    return None


def check(expected: str | None, found: str, what: str) -> None:
    """Raises DigestMismatch."""
    if expected is not None and expected != found:
        raise DigestMismatch(f"The content of {what} has the digest {PREFIX}{found}, not {PREFIX}{expected}.")

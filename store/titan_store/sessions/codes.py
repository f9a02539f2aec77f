"""Codes that sign in once: what ``titan dashboard`` gives the browser instead of a token.

They are in memory only, because nobody needs one after a restart.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(seconds=60)
MOST = 1000
"""At once; with one more the oldest is void."""


@dataclass(frozen=True)
class _Promise:
    token: str = field(repr=False)
    expires: datetime


class Codes:
    """Those that have not been used."""

    def __init__(self) -> None:
        self._promises: dict[bytes, _Promise] = {}
        """By digest: finding one takes as long for a near miss as for a far one."""

    def draw(self, token: str, now: datetime) -> tuple[str, datetime]:
        """A code for a token that was reviewed, and until when it is valid."""
        self._promises = {digest: promise for digest, promise in self._promises.items() if now < promise.expires}
        while len(self._promises) >= MOST:
            del self._promises[next(iter(self._promises))]
        code, expires = secrets.token_urlsafe(24), now + LIFETIME
        self._promises[_digest(code)] = _Promise(token, expires)
        return code, expires

    def redeem(self, code: str, now: datetime) -> str | None:
        """The token; None: the code is void. Either way it is void from now on."""
        promise = self._promises.pop(_digest(code), None)
        return promise.token if promise is not None and now < promise.expires else None


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()

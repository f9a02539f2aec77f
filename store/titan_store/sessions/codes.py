"""Codes that sign in once: what ``titan dashboard`` gives the browser instead of a token.

They are in memory only, because nobody needs one after a restart.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(seconds=60)
MOST = 1000
MOST_OF_ONE_USER = 20
"""Codes at a time; one more makes the oldest void."""


@dataclass(frozen=True)
class _Promise:
    token: str = field(repr=False)
    user: str
    expires: datetime


class Codes:
    """Those that have not been used."""

    def __init__(self) -> None:
        self._promises: dict[bytes, _Promise] = {}
        """By digest, so that a lookup takes as long for a near miss as for a far one."""

    def draw(self, token: str, user: str, now: datetime) -> tuple[str, datetime]:
        """A code for a token that was reviewed to be this user's, and until when it is valid."""
        self._promises = {digest: promise for digest, promise in self._promises.items() if now < promise.expires}
        own = [digest for digest, promise in self._promises.items() if promise.user == user]
        for digest in own[: max(len(own) + 1 - MOST_OF_ONE_USER, 0)]:
            del self._promises[digest]
        while len(self._promises) >= MOST:
            del self._promises[next(iter(self._promises))]
        code, expires = secrets.token_urlsafe(24), now + LIFETIME
        self._promises[_digest(code)] = _Promise(token, user, expires)
        return code, expires

    def redeem(self, code: str, now: datetime) -> str | None:
        """The token; None: the code is void. Either way it is void from now on."""
        promise = self._promises.pop(_digest(code), None)
        return promise.token if promise is not None and now < promise.expires else None


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()

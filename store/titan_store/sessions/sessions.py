"""Sessions: begun with a token that was reviewed, found by a cookie, ended by their owner or by time.

A session gives no right. It only finds the token again, and that is reviewed like any other; so a token that was
revoked ends what its session may do within the seconds that reviews are remembered.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from titan_store.sessions.cookies import SessionCookie, draw_cookie
from titan_store.sessions.seals import seal, unseal
from titan_store.sqlite.sessions import SessionRow, SQLiteSessions

LIFETIME = timedelta(hours=12)
SESSIONS_OF_ONE_USER = 20
"""Browsers, profiles, machines; with one more the oldest ends."""
REMEMBERED = 1000
"""Opened sessions in memory: opening one again costs a change of threads."""


@dataclass(frozen=True)
class Session:
    """An open one."""

    token: str = field(repr=False)
    expires: datetime


class Sessions:
    """All sessions of this store."""

    def __init__(self, table: SQLiteSessions) -> None:
        self._table = table
        self._opened: dict[str, tuple[bytes, Session]] = {}
        """By id, with the digest of the key: the keys themselves are not kept."""

    async def start(self, token: str, user: str, now: datetime) -> tuple[SessionCookie, Session]:
        """Begin one that ends with its token."""
        cookie, expires = draw_cookie(), min(now + LIFETIME, expiry_of(token) or now + LIFETIME)
        row = SessionRow(cookie.id, user, await seal(token, cookie.key), now, expires)
        for ended in await self._table.add(row, SESSIONS_OF_ONE_USER):
            self._opened.pop(ended, None)
        return cookie, self._remember(cookie, Session(token, expires))

    async def find(self, cookie: SessionCookie, now: datetime) -> Session | None:
        """The session; None: there is none (any more), or the key is another's."""
        session = self._recall(cookie) or await self._open(cookie)
        return session if session is not None and now < session.expires else None

    async def end(self, cookie: SessionCookie) -> None:
        """Sign out. The caller has found the session with the same cookie before."""
        self._opened.pop(cookie.id, None)
        await self._table.remove(cookie.id)

    async def remove_expired(self, now: datetime) -> None:
        """Forget the sessions that have expired."""
        self._opened = {name: entry for name, entry in self._opened.items() if now < entry[1].expires}
        await self._table.remove_expired(now)

    async def forgery_key(self) -> bytes:
        """A secret of this store for what has no cookie."""
        return await self._table.forgery_key()

    async def _open(self, cookie: SessionCookie) -> Session | None:
        row = await self._table.find(cookie.id)
        token = await unseal(row.sealed_token, cookie.key) if row else None
        if row is None or token is None or await self._table.find(cookie.id) is None:
            return None  # Somebody may have signed out while it was opened.
        return self._remember(cookie, Session(token, row.expires))

    def _recall(self, cookie: SessionCookie) -> Session | None:
        digest, session = self._opened.get(cookie.id, (b"", None))
        return session if hmac.compare_digest(digest, hashlib.sha256(cookie.key).digest()) else None

    def _remember(self, cookie: SessionCookie, session: Session) -> Session:
        self._opened[cookie.id] = hashlib.sha256(cookie.key).digest(), session
        while len(self._opened) > REMEMBERED:
            del self._opened[next(iter(self._opened))]
        return session


def expiry_of(token: str) -> datetime | None:
    """When a JWT ends, by its own word, which whoever reviewed it has checked; None: it does not say."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None

"""The cookie of a session: an id, which finds the row, and a key, which opens it and is kept nowhere else."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

_ID_BYTES = 12
_KEY_BYTES = 32
"""What Fernet takes."""
_VALUE = re.compile(r"([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class SessionCookie:
    """What the browser holds."""

    id: str
    key: bytes = field(repr=False)

    @property
    def value(self) -> str:
        """As it is sent."""
        return f"{self.id}.{_encode(self.key)}"

    @property
    def csrf_token(self) -> str:
        """Of the session, without keeping it: another site cannot read the cookie, so it cannot know this either."""
        return make_csrf_token(self.key, self.id)


def cookie_name(store_id: str) -> str:
    """Cookies belong to hosts, not ports, so two stores on one host need two names."""
    return f"titan-session-{store_id[:8]}"


def draw_cookie() -> SessionCookie:
    """A new one."""
    return SessionCookie(_encode(secrets.token_bytes(_ID_BYTES)), secrets.token_bytes(_KEY_BYTES))


def parse_cookie(value: str) -> SessionCookie | None:
    """None: it is not one of ours."""
    match = _VALUE.fullmatch(value)
    return SessionCookie(match[1], base64.urlsafe_b64decode(match[2] + "=")) if match else None


def make_csrf_token(key: bytes, what: str) -> str:
    """A token that only the holder of the key can make."""
    return _encode(hmac.digest(key, f"csrf {what}".encode(), hashlib.sha256))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

"""The ``continue`` token of listings: the last key of a page, opaque to clients."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from titan_store.errors import BadRequest

Item = TypeVar("Item")


def cut(found: Sequence[Item], limit: int, key: Callable[[Item], str]) -> tuple[Sequence[Item], str | None]:
    """The page, of what was found if one more was asked for than it holds, and its ``continue``; None: that was all."""
    page = found[:limit]
    return page, encode(key(page[-1])) if len(found) > limit else None


def encode(key: str) -> str:
    """A token that says: behind this key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode(token: str) -> str:
    """The key; empty for an empty token. Raises BadRequest."""
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars="-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise BadRequest("This store did not give out this value of the parameter continue.") from error

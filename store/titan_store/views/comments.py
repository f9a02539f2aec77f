"""Comments about a DAG, as its annotation keeps them. Anybody who may patch the DAG may have written anything there."""

import json
from typing import NamedTuple

MOST_SHOWN = 200
"""An annotation that others wrote can hold many thousands."""
LONGEST_TIME = 32
"""No time is longer, and no answer takes more."""


class Comment(NamedTuple):
    """What somebody has noted."""

    user: str
    time: str
    text: str


def parse_comments(annotation: str) -> list[Comment]:
    """The comments, the oldest first; what is none is left out, and of too many the newest are kept."""
    try:
        found = json.loads(annotation or "[]")
    except (ValueError, RecursionError):
        return []
    said = [_read(entry) for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    return [comment for comment in said if comment is not None][-MOST_SHOWN:]


def _read(entry: dict[str, object]) -> Comment | None:
    user, time, text = (_as_text(entry.get(field)) for field in Comment._fields)
    if user is None or time is None or text is None or len(time) > LONGEST_TIME:
        return None
    return Comment(user, time, text)


def _as_text(value: object) -> str | None:
    """JSON can name halves of surrogate pairs, which no answer can carry."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None

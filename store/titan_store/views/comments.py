"""Comments about a DAG, as its annotation keeps them. Anybody who may patch the DAG may have written anything there."""

import json
from typing import NamedTuple


class Comment(NamedTuple):
    """What somebody has noted."""

    user: str
    time: str
    text: str


def parse_comments(annotation: str) -> list[Comment]:
    """The comments, the oldest first; what is none is left out."""
    try:
        found = json.loads(annotation or "[]")
    except ValueError:
        return []
    said = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    return [
        Comment(entry["user"], entry["time"], entry["text"])
        for entry in said
        if all(isinstance(entry.get(field), str) for field in Comment._fields)
    ]

"""Whether an object of the API server is as it was asked for: the server adds defaults of its own."""

from __future__ import annotations

from typing import Any


def contains(found: Any, wanted: Any) -> bool:
    """Whether what was found says all that is wanted; lists must be of the same length, objects may hold more."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(contains(found.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            return False
        return all(map(contains, found, wanted))
    return bool(found == wanted)

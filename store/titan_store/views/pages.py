"""Pages of sorted records that stay in place while records come and go: a page begins behind a key, not at a number."""

import json
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from titan_store import pages
from titan_store.errors import BadRequest

Item = TypeVar("Item")
Key = tuple[str, ...]


class Cut(NamedTuple, Generic[Item]):
    """A page."""

    items: Sequence[Item]
    total: int
    """Of all pages."""
    following: str | None
    """Continues behind the last item; None: that was all."""


def cut(
    items: Sequence[Item], key: Callable[[Item], Key], after: str, limit: int, *, descending: bool = False
) -> Cut[Item]:
    """The page behind the place of items that are sorted by the key. Raises BadRequest for a place that is none."""
    rest = items
    if after:
        place = _decode(after)
        rest = [item for item in items if (key(item) < place if descending else key(item) > place)]
    page, following = pages.cut(rest, limit, lambda item: json.dumps(key(item)))
    return Cut(page, len(items), following)


def _decode(token: str) -> Key:
    try:
        place = json.loads(pages.decode(token))
    except (ValueError, RecursionError) as error:
        raise BadRequest("This store did not give out this value of the parameter continue.") from error
    if not isinstance(place, list) or not all(isinstance(part, str) for part in place):
        raise BadRequest("This store did not give out this value of the parameter continue.")
    return tuple(place)

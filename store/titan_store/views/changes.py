"""What has changed lately, in sequence: readers keep their place in it, so a slow one costs no more than a quick one.

A reader that has fallen too far behind, or comes from an earlier process, is told to ask for everything again.
"""

import secrets
from collections import deque
from collections.abc import Callable, Mapping
from itertools import islice
from typing import NamedTuple

from titan_store.views.cached.cache import Change
from titan_store.views.cached.tables import Namespaces, sees

REMEMBERED = 20_000
LONGEST_NUMBER = 18
MOST_TOLD = 1_000
"""Beyond this many changed things, listing them costs more than the answers that it saves."""


class Told(NamedTuple):
    """What a reader has missed."""

    items: list[Change]
    """Each thing once, in the order of its last change."""
    all: bool
    """Ask for everything again."""
    place: str
    """Where the reader is now; opaque."""


class Changes:
    """The sequence; ``wake`` is called with each change."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._ring: deque[Change] = deque(maxlen=REMEMBERED)
        self._sequence = 0
        self._epoch = secrets.token_hex(4)

    def add(self, change: Change) -> None:
        """It has happened now."""
        self._sequence += 1
        self._ring.append(change)
        self._wake()

    def restart(self) -> None:
        """Nobody has watched for a while: readers with a place must ask for everything again."""
        self._ring.clear()
        self._epoch = secrets.token_hex(4)

    @property
    def place(self) -> str:
        """Where the sequence ends now."""
        return f"{self._epoch}-{self._sequence}"

    def since(self, place: str, sight: Mapping[str, Namespaces]) -> Told:
        """What has changed after the place, of each kind in the namespaces in which it may be seen."""
        missed = self._count_since(place)
        if missed is None:
            return Told([], True, self.place)
        latest: dict[tuple[str, str, str], Change] = {}
        for change in islice(reversed(self._ring), missed):
            if not change.namespace:
                latest.setdefault((change.kind, "", ""), change._replace(name=""))  # What nodes are called is no news.
            elif sees(sight.get(change.kind, frozenset()), change.namespace):
                latest.setdefault((change.kind, change.namespace, change.name), change)
        if len(latest) > MOST_TOLD:
            return Told([], True, self.place)
        return Told(list(reversed(latest.values())), False, self.place)

    def _count_since(self, place: str) -> int | None:
        """How many changes the reader has missed; None: nobody knows."""
        epoch, _, number = place.partition("-")
        if epoch != self._epoch or not number.isdecimal() or len(number) > LONGEST_NUMBER:
            return None
        missed = self._sequence - int(number)
        return missed if 0 <= missed <= len(self._ring) else None

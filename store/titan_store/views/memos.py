"""What was computed for one viewer serves all who may see the same, until something changes."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

Result = TypeVar("Result")
MOST_REMEMBERED = 64
"""Of different viewers."""


class Memo(Generic[Result]):
    """Results of one version of the cache."""

    def __init__(self) -> None:
        self._version: Hashable = None
        self._results: dict[Hashable, Result] = {}

    def get(self, version: Hashable, key: Hashable, compute: Callable[[], Result]) -> Result:
        """The result for the key, computed at most once for a version."""
        if version != self._version:
            self._version = version
            self._results.clear()
        if key not in self._results:
            if len(self._results) >= MOST_REMEMBERED:
                self._results.clear()
            self._results[key] = compute()
        return self._results[key]


class Kept(Generic[Result]):
    """One thing for each cache, for as long as that lives: with the cache goes what was made of it.

    By the cache itself and not by its number, which a later one may get again.
    """

    def __init__(self, make: Callable[[], Result]) -> None:
        self._make = make
        self._kept: WeakKeyDictionary[object, Result] = WeakKeyDictionary()

    def of(self, cache: object) -> Result:
        """That of this cache, made when it is first asked for."""
        kept = self._kept.get(cache)
        if kept is None:
            self._kept[cache] = kept = self._make()
        return kept

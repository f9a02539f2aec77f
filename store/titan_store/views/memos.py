"""What was computed for one viewer serves all who may see the same, until something changes."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

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

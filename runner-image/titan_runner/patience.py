"""How long the runner waits for the store, and how often it asks."""

from __future__ import annotations

import os
import time

from titan_runner.errors import StoreAway, StoreDenied, StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

STORE_SECONDS = 600.0
"""A store that is away longer than this fails the attempt."""
DENIED_SECONDS = 30.0
"""Rights are cached for up to ten seconds, and the rights of a new namespace arrive shortly after it."""
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0


def insist(call: Callable[[], T], seconds: float = STORE_SECONDS) -> T:
    """Call until it succeeds. Raises the last StoreError when its patience ends, StoreRefused at once."""
    begun = time.monotonic()
    pauses = Pauses()
    while True:
        try:
            return call()
        except StoreError as error:
            if time.monotonic() - begun >= _patience_with(error, seconds):
                raise
            time.sleep(pauses.after(error))


def _patience_with(error: StoreError, seconds: float) -> float:
    if isinstance(error, StoreAway):
        return seconds
    return min(DENIED_SECONDS, seconds) if isinstance(error, StoreDenied) else 0.0


class Pauses:
    """Doubling pauses with jitter, so that the pods of a big DAG do not return all at once."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    def after(self, error: StoreError) -> float:
        """Seconds to wait after this error."""
        wish = error.retry_after if isinstance(error, StoreAway) else 0.0
        pause = max(self._next, min(wish, LONGEST_PAUSE)) * (0.75 + os.urandom(1)[0] / 512)
        self._next = min(self._next * 2, LONGEST_PAUSE)
        return pause

    def reset(self) -> None:
        """After a success."""
        self._next = FIRST_PAUSE

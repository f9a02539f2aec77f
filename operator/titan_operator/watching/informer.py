"""The one way in: every state of an object, from any source, goes through the cache and wakes the keys it concerns."""

from collections.abc import Callable, Iterable

from titan_api.json_types import Raw
from titan_operator.clocks import Clock
from titan_operator.records import Key, Outcome
from titan_operator.state.cache import Cache


class Informer:
    """Used by watches, by resyncs, and for the answers to the operator's own calls."""

    def __init__(self, cache: Cache, wake: Callable[[Iterable[Key]], None], clock: Clock) -> None:
        self._cache = cache
        self._wake = wake
        self._clock = clock
        self.last_event = clock.monotonic()
        """When a watch last reported anything."""

    def event(self, kind: str, raw: Raw, *, deleted: bool) -> None:
        """A watch event."""
        self.last_event = self._clock.monotonic()
        self._wake(self._cache.apply(kind, raw, deleted=deleted))

    def receive(self, kind: str, raw: Raw) -> None:
        """The state of an object that a call returned."""
        self._wake(self._cache.apply(kind, raw))

    def remove(self, key: Key, uid: str) -> None:
        """A call said that the object is not there."""
        self._wake(self._cache.remove(key, uid))

    def remove_absent(self, kind: str, namespace: str | None, listed: set[str], version: int) -> None:
        """A complete list does not have the others."""
        self._wake(self._cache.remove_absent(kind, namespace, listed, version))

    def finish_sync(self) -> None:
        """All kinds were listed completely once."""
        self._wake(self._cache.finish_sync())

    def outcome(self, job_uid: str, outcome: Outcome) -> None:
        """The store reported the end of an attempt.

        Nothing is kept for an unknown job, or for one whose pod has already shown how it ended, except what no pod
        can show: that its parents left different versions of a file.
        """
        job = self._cache.indexes.job(job_uid)
        if job is None or (job.has_ended and not outcome.conflicts):
            return
        if self._cache.expectations.record(job_uid, outcome):
            self._wake([job.key])

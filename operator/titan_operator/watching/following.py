"""Follows the store's outcomes without losing one: it resumes by sequence number, and looks up where it cannot.

The store may forget (its retention), be another one (a new volume), or have recorded outcomes while no operator ran.
In all three cases each attempt that is open in the cache is looked up once, while the stream already runs.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Protocol

from titan_kube.backoff import Backoff
from titan_operator.clocks import Clock
from titan_operator.errors import StoreAway
from titan_operator.metrics import Metrics
from titan_operator.plan.observed import Lookup
from titan_operator.records import JobRecord, Outcome
from titan_operator.state.cache import Cache
from titan_operator.watching.informer import Informer
from titan_operator.watching.outcomes import Bookmark, OutcomeSource, RecordedOutcome, SequenceExpired

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 2.0
PARALLEL_LOOKUPS = 8


class OutcomeStream(OutcomeSource, Protocol):
    """A store that can be followed, too."""

    def follow(self, after: int | None) -> AsyncIterator[Bookmark | RecordedOutcome]:
        """Outcomes since a sequence number, or from now on; a Bookmark comes first."""
        ...


class Follower:
    """Brings outcomes from the store to the cache."""

    def __init__(self, store: OutcomeStream, cache: Cache, informer: Informer, clock: Clock, metrics: Metrics) -> None:
        self._store = store
        self._cache = cache
        self._informer = informer
        self._clock = clock
        self._metrics = metrics
        self._sequence: int | None = None
        self._store_id: str | None = None
        self._has_caught_up = False

    async def run(self) -> None:
        """For ever: follow, and connect again after each interruption."""
        backoff = Backoff(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        while True:
            connected_at = self._clock.monotonic()
            try:
                await self.follow_once()
            except SequenceExpired as error:
                log.info("%s: every open attempt will be looked up", error)
                self.start_over()
            except StoreAway as error:
                log.info("the stream of outcomes is interrupted: %s", error)
            finally:
                self._metrics.store_connected.set(0)
            if self._clock.monotonic() - connected_at > LONGEST_PAUSE_SECONDS:
                backoff.reset()
            await self._clock.sleep(backoff.next())

    async def follow_once(self) -> None:
        """One connection, to its end. Raises StoreAway."""
        async with asyncio.TaskGroup() as group:
            try:
                async for told in self._store.follow(self._sequence):
                    if isinstance(told, RecordedOutcome):
                        self._sequence = told.sequence
                        self._metrics.outcomes.inc()
                        self._informer.outcome(told.job_uid, told.outcome)
                    elif self._is_same_store(told) and not self._has_caught_up:
                        self._has_caught_up = True
                        group.create_task(self._catch_up())
            except StoreAway as error:
                interruption = error
            else:
                interruption = StoreAway("the store ended the stream")
        raise interruption

    def _is_same_store(self, bookmark: Bookmark) -> bool:
        self._metrics.store_connected.set(1)
        if self._store_id is not None and bookmark.store_id != self._store_id:
            self.start_over()
            self._store_id = bookmark.store_id
            raise SequenceExpired("this is not the same store as before")
        self._store_id = bookmark.store_id
        self._sequence = bookmark.sequence
        return True

    def start_over(self) -> None:
        """Resume nothing: take what comes from now on, and look up the rest."""
        self._sequence = None
        self._has_caught_up = False

    async def _catch_up(self) -> None:
        """Look up every open attempt; whatever could not be asked is asked after the next connection."""
        limit = asyncio.Semaphore(PARALLEL_LOOKUPS)

        async def ask(job: JobRecord, attempt: int) -> bool:
            async with limit:
                answer = await self._store.look_up(job.meta.namespace, job.meta.uid, attempt)
            if isinstance(answer, Outcome):
                self._informer.outcome(job.meta.uid, answer)
            return answer is not Lookup.UNREACHABLE

        answers = await asyncio.gather(*(ask(job, attempt) for job, attempt in self._cache.open_attempts()))
        self._has_caught_up = all(answers)

"""Keeps the cache fresh for as long as somebody looks.

Whoever signs in or looks first starts four watches, and looking waits for their lists; a quarter of an hour after the
last viewer they end, and the memory is given back. While a watch is broken the views go on with what is known, and the
list that follows is compared with it: nothing is lost, and only real differences are told.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import aclosing, contextmanager, suppress

from titan_api.json_types import Json
from titan_kube.backoff import Backoff
from titan_kube.follow import Batch, News
from titan_store.cluster.edges import FOLLOWED
from titan_store.cluster.shared_watches import Follow
from titan_store.errors import StoreError, Unavailable
from titan_store.keeping.pulses import Pulse
from titan_store.views.cached.cache import Cache, Change
from titan_store.views.cached.readings import READERS
from titan_store.views.cached.records import Record
from titan_store.views.changes import Changes

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 10.0
"""A watch that breaks begins anew, with a list of everything, after the first; one that never holds, ever more seldom."""
LISTING_SECONDS = 15.0
"""How long the first viewer waits for the lists; the next request may find them complete."""
SLICE = 50
"""Objects read in one go, which takes some milliseconds."""
STALE_SECONDS = 60.0
"""How long the views go on with what was known when a watch broke."""

log = logging.getLogger(__name__)


class Views:
    """The cache and what fills it; made once per process. ``pulse`` beats with each change."""

    def __init__(self, follow: Follow | None, pulse: Pulse, idle_seconds: float) -> None:
        self._watch = follow
        self._idle_seconds = idle_seconds
        self.pulse = pulse
        self.changes = Changes(pulse.wake)
        self._progress = Pulse()
        self._tasks: list[asyncio.Task[None]] = []
        self._cache = Cache(self._tell)
        self._complete: set[str] = set()
        self._troubles: dict[str, tuple[float, str]] = {}
        """Since when the watch of a kind is broken, and why."""
        self._viewers = 0
        self._looked = 0.0

    def expect_viewer(self) -> None:
        """Somebody will look in a moment: what they will wait for is begun now."""
        self._looked = asyncio.get_running_loop().time()
        if self._watch is not None:
            self._begin(self._watch)

    async def ready(self) -> Cache:
        """The cache with everything in it. Raises Unavailable with a sentence."""
        loop = asyncio.get_running_loop()
        self._looked = loop.time()
        if self._watch is None:
            raise Unavailable("This store runs without a cluster, so it has nothing to show.")
        end = loop.time() + LISTING_SECONDS
        while True:
            self._begin(self._watch)
            ticket = self._progress.take_ticket()
            self._check_troubles(loop.time())
            if len(self._complete) == len(FOLLOWED):
                return self._cache
            if loop.time() >= end:
                raise Unavailable("The store is still reading what the cluster holds; try again in a few seconds.")
            await asyncio.wait({ticket}, timeout=end - loop.time())

    async def populated(self) -> frozenset[str]:
        """The namespaces that hold anything. Raises Unavailable with a sentence."""
        return frozenset((await self.ready()).namespaces())

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Somebody keeps looking for the duration of the block."""
        self._viewers += 1
        try:
            yield
        finally:
            self._viewers -= 1
            self._looked = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """End all watches."""
        tasks = self._stop()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _begin(self, watch: Follow) -> None:
        """Start to follow, unless that was done. A task that has ended by itself is a defect of ours: all start again."""
        broken = next((task for task in self._tasks if task.done()), None)
        if broken is not None:
            log.error("the views start again because one of their tasks failed", exc_info=broken.exception())
            self._stop()
        if self._tasks:
            return
        self._cache = Cache(self._tell)
        works = [*(self._follow(watch, kind, self._cache) for kind in FOLLOWED), self._retire()]
        self._tasks = [asyncio.create_task(work, name="views") for work in works]

    def _stop(self) -> list[asyncio.Task[None]]:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            if task is not asyncio.current_task():
                task.cancel()
        self._complete.clear()
        self._troubles.clear()
        self._cache = Cache(self._tell)
        self.changes.restart()
        return tasks

    async def _retire(self) -> None:
        """Return when nobody has looked for long enough, having ended the watches."""
        loop = asyncio.get_running_loop()
        while True:
            rest = self._idle_seconds if self._viewers else self._looked + self._idle_seconds - loop.time()
            if rest <= 0:
                log.info("nobody is looking: the views no longer watch the cluster")
                self._stop()
                return
            await asyncio.sleep(rest)

    async def _follow(self, watch: Follow, kind: str, cache: Cache) -> None:
        loop, backoff = asyncio.get_running_loop(), Backoff(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        while True:
            seen: set[str] = set()
            completed: float | None = None
            message = "the watch has ended"
            try:
                async with aclosing(watch(kind)) as batches:
                    async for batch in batches:
                        for part in slices(batch):
                            apply_batch(cache, kind, part, seen)
                            await asyncio.sleep(0)
                        if batch.news is News.COMPLETE:
                            completed = loop.time()
                            self._complete.add(kind)
                            self._troubles.pop(kind, None)
                            self._progress.wake()
            except StoreError as error:
                message = error.message
                self._troubles.setdefault(kind, (loop.time(), message))
                self._progress.wake()
            if completed is not None and loop.time() - completed > LONGEST_PAUSE_SECONDS:
                backoff.reset()
            pause = backoff.next()
            log.warning("%s is not watched for %.1f s: %s", kind, pause, message)
            await asyncio.sleep(pause)

    def _check_troubles(self, now: float) -> None:
        for kind, (since, message) in self._troubles.items():
            if kind not in self._complete or now - since > STALE_SECONDS:
                raise Unavailable(message)

    def _tell(self, change: Change) -> None:
        """Before the first list is complete nobody knows anything that could have changed."""
        if change.kind in self._complete:
            self.changes.add(change)


def slices(batch: Batch) -> Iterator[Batch]:
    """The batch in parts so small that nobody else waits long for the event loop."""
    for start in range(0, len(batch.items) or 1, SLICE):
        yield Batch(batch.news, batch.items[start : start + SLICE])


def apply_batch(cache: Cache, kind: str, batch: Batch, seen: set[str]) -> None:
    """Bring the cache up to date; ``seen`` gathers the uids of a list until it is complete."""
    if batch.news is News.COMPLETE:
        cache.keep_only(kind, seen)
        seen.clear()
        return
    for raw in batch.items:
        record = _read(kind, raw)
        if batch.news is News.GONE:
            cache.remove(kind, raw["metadata"].get("namespace", ""), raw["metadata"]["name"])
        elif record is not None:
            cache.apply(record)
            if batch.news is News.LISTED:
                seen.add(record.uid)


def _read(kind: str, raw: Json) -> Record | None:
    """None for an object that no version of Titan has written: it is left out, and the others are shown."""
    try:
        return READERS[kind](raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("a %s cannot be shown: %r", kind, error)
        return None

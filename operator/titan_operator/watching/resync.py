"""Complete lists compared with the cache: the only way to learn what was deleted while nobody watched.

A watch that was cut off too long lists again and tells only what is there. So every such list is followed by one of
ours, whose missing objects are removed by uid; and every five minutes all kinds are compared, whatever happened.
"""

import asyncio
import logging
from collections.abc import Sequence

from titan_kube.backoff import Backoff
from titan_kube.errors import APIError
from titan_operator.clocks import Clock
from titan_operator.cluster.gateway import Gateway
from titan_operator.metrics import Metrics
from titan_operator.state.cache import WATCHED_KINDS
from titan_operator.watching.informer import Informer

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0


class Resync:
    """Lists kinds when asked to, and all of them regularly."""

    def __init__(
        self, gateway: Gateway, informer: Informer, clock: Clock, metrics: Metrics, namespaces: Sequence[str]
    ) -> None:
        self._gateway = gateway
        self._informer = informer
        self._clock = clock
        self._metrics = metrics
        self._namespaces: Sequence[str | None] = namespaces or [None]
        self._wanted: set[str] = set()
        self._asked = asyncio.Event()

    def request(self, kind: str) -> None:
        """Somebody else has listed this kind, so its watch may have had a gap."""
        self._wanted.add(kind)
        self._asked.set()

    async def first_round(self) -> None:
        """Until every kind was listed completely once."""
        await self._until_done(set(WATCHED_KINDS))

    async def run(self, period_seconds: float) -> None:
        """For ever, after the first round."""
        while True:
            await self._wait(period_seconds)
            wanted, self._wanted = self._wanted or set(WATCHED_KINDS), set()
            await self._until_done(wanted)

    async def list_kind(self, kind: str) -> None:
        """Compare one kind with the cache. Raises APIError."""
        for namespace in self._namespaces:
            listed: set[str] = set()
            version, continuation = "", ""
            while True:
                page = await self._gateway.list_page(kind, namespace, continuation)
                # The first page's version holds for all of them: what is newer may be missing on later pages.
                version = version or page.version
                for raw in page.items:
                    listed.add(raw["metadata"]["uid"])
                    self._informer.receive(kind, raw)
                if not (continuation := page.continuation):
                    break
            self._informer.remove_absent(kind, namespace, listed, int(version or 0))
        self._metrics.resyncs.labels(kind).inc()

    async def _until_done(self, kinds: set[str]) -> None:
        left, backoff = set(kinds), Backoff(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        while left:
            for kind in sorted(left):
                try:
                    await self.list_kind(kind)
                    left.discard(kind)
                except APIError as error:
                    log.info("%s cannot be listed now: %s", kind, error)
            if left:
                await self._clock.sleep(backoff.next())

    async def _wait(self, period_seconds: float) -> None:
        try:
            async with asyncio.timeout(period_seconds):
                await self._asked.wait()
        except TimeoutError:
            log.debug("the regular comparison is due")
        self._asked.clear()

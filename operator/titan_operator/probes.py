"""HTTP endpoints of the process: /healthz, /readyz and /metrics."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from titan_operator.clocks import Clock
from titan_operator.metrics import Metrics
from titan_operator.passes.leader import Leadership
from titan_operator.passes.queue import Queue
from titan_operator.state.cache import WATCHED_KINDS, Cache
from titan_operator.watching.informer import Informer

log = logging.getLogger(__name__)


class Probes:
    """Answers from memory, without a request to anything."""

    def __init__(
        self, cache: Cache, queue: Queue, informer: Informer, metrics: Metrics, clock: Clock, leadership: Leadership
    ) -> None:
        self._cache = cache
        self._leadership = leadership
        self._queue = queue
        self._informer = informer
        self._metrics = metrics
        self._clock = clock

    def app(self) -> web.Application:
        """The three routes."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._show_metrics)
        return app

    async def _healthz(self, _: web.Request) -> web.Response:
        """A stuck event loop is all that a restart could repair."""
        return web.Response(text="ok\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        if self._cache.is_synced:
            return web.Response(text="ok\n")
        return web.Response(status=503, text="not every kind was listed yet\n")

    async def _show_metrics(self, _: web.Request) -> web.Response:
        now = self._clock.monotonic()
        self._metrics.leader.set(self._leadership.may_write())
        self._metrics.queue_depth.set(self._queue.depth)
        self._metrics.oldest_waiting.set(self._queue.oldest_age(now))
        self._metrics.event_age.set(now - self._informer.last_event)
        for kind in WATCHED_KINDS:
            self._metrics.objects.labels(kind).set(self._cache.size(kind))
        return web.Response(body=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4"})


async def serve_probes(app: web.Application, host: str, port: int) -> Callable[[], Awaitable[None]]:
    """Listen; returns what stops it. Raises OSError if the address is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    if port == 0:
        log.warning("probes answer on http://%s:%s", host, runner.addresses[0][1])
    return runner.cleanup

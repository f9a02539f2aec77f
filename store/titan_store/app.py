"""The application, built by a function: settings and the edge in, an aiohttp application out."""

from aiohttp import web

from titan_store import keys
from titan_store.api.catalog import OPERATIONS
from titan_store.api.dispatch import routes
from titan_store.api.failures import answer_failures, count_requests
from titan_store.contexts import OpenReviewer, keep_gate, keep_storage, keep_sweeper
from titan_store.directory.space import FreeBytes, Space, measure
from titan_store.metrics import Metrics
from titan_store.pulses import Pulses
from titan_store.settings import Settings
from titan_store.times import Clock, read_clock


def build_app(
    settings: Settings,
    open_reviewer: OpenReviewer,
    *,
    clock: Clock = read_clock,
    free_bytes: FreeBytes | None = None,
) -> web.Application:
    """An application that is not started; ``free_bytes`` measures the data directory's file system by default."""
    app = web.Application(middlewares=[count_requests, answer_failures])
    app[keys.SETTINGS] = settings
    app[keys.CLOCK] = clock
    app[keys.METRICS] = Metrics()
    app[keys.PULSES] = Pulses()
    app[keys.SPACE] = Space(free_bytes or measure(settings.data_directory), settings.reserve_bytes)
    app.cleanup_ctx.extend([keep_storage, keep_gate(open_reviewer), keep_sweeper])
    app.on_shutdown.append(_end_follows)
    app.router.add_routes(routes(OPERATIONS))
    return app


async def _end_follows(app: web.Application) -> None:
    """Open streams end in good order, so a restart waits for nobody."""
    app[keys.PULSES].close()

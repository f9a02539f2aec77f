"""Builds the aiohttp application from the settings and the edges to the API server."""

import asyncio

from aiohttp import web

from titan_store.api import keys
from titan_store.api.actions.edges import MOST_WHOLE_DAGS, WHOLE_DAGS
from titan_store.api.catalog import OPERATIONS
from titan_store.api.http.dispatch import add_routes
from titan_store.api.http.headers import guard
from titan_store.api.static import add_page
from titan_store.api.views.changes import AUDIENCE
from titan_store.api.views.overviews import OVERVIEWS, Overview
from titan_store.cluster.edges import OpenCluster
from titan_store.directory.space import FreeBytes, Space, measure
from titan_store.keeping.budgets import Budget
from titan_store.keeping.pulses import Pulses
from titan_store.metrics import Metrics
from titan_store.serving.contexts import (
    OpenReviewer,
    keep_cluster,
    keep_gate,
    keep_storage,
    keep_sweeper,
    keep_views,
    keep_webhooks,
)
from titan_store.sessions.attempts import Attempts
from titan_store.sessions.codes import Codes
from titan_store.settings import Settings
from titan_store.times import Clock, read_clock
from titan_store.views.audiences import Audience
from titan_store.views.graph.graphs import Graphs
from titan_store.views.memos import Kept, Memo


def build_app(
    settings: Settings,
    open_reviewer: OpenReviewer,
    open_cluster: OpenCluster | None = None,
    *,
    clock: Clock = read_clock,
    free_bytes: FreeBytes | None = None,
) -> web.Application:
    """An application that is not started; ``free_bytes`` measures the data directory's file system by default."""
    app = web.Application()
    app[keys.SETTINGS] = settings
    app[keys.CLOCK] = clock
    app[keys.METRICS] = Metrics()
    app[keys.PULSES] = Pulses()
    app[keys.BUDGET] = Budget(settings.max_memory_bytes)
    app[keys.GRAPHS] = Kept(Graphs)
    app[OVERVIEWS] = Kept(Memo[Overview])
    app[AUDIENCE] = Audience()
    app[WHOLE_DAGS] = asyncio.Semaphore(MOST_WHOLE_DAGS)
    app[keys.CODES] = Codes()
    app[keys.ATTEMPTS] = Attempts()
    app[keys.SPACE] = Space(free_bytes or measure(settings.data_directory), settings.reserve_bytes)
    app.cleanup_ctx.extend(
        [keep_storage, keep_gate(open_reviewer), keep_cluster(open_cluster), keep_views, keep_webhooks, keep_sweeper]
    )
    app.on_shutdown.append(_end_follows)
    app.on_response_prepare.append(guard)
    add_routes(app.router, OPERATIONS, add_page)
    return app


async def _end_follows(app: web.Application) -> None:
    """Open streams end in good order, so a restart waits for nobody."""
    app[keys.PULSES].close()

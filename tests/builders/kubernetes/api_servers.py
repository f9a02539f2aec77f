"""Servers in the test's own process that answer as an API server would, and clients of theirs."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from titan_kube.client import Client
from titan_kube.config import Config
from titan_kube.credentials import Credentials

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(answer: Answer, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that answers everything in one way; its URL."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield f"{'http' if context is None else 'https'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def client_with(config: Config, **options: Any) -> Client:
    """A client of a fixed configuration."""
    return Client(Credentials(lambda: config), agent="tests", **options)


@asynccontextmanager
async def asking(answer: Answer, **options: Any) -> AsyncIterator[Client]:
    """A client of a server that answers everything in one way."""
    async with serving(answer) as url, client_with(Config(url, token="secret"), **options) as client:
        yield client

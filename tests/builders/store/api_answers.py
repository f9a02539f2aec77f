"""The store's edge to the cluster, connected to an HTTP server whose answers a test chooses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web
from titan_store.cluster.kubernetes import KubernetesCluster, open_cluster

from titan_kube.config import Config
from titan_kube.credentials import Credentials

OWN_TOKEN = "own-token"
"""The store's."""


class Answering(Protocol):
    """An API server as far as a test needs one."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Whatever was asked."""


@asynccontextmanager
async def connected(server: Answering) -> AsyncIterator[KubernetesCluster]:
    """The edge, as long as the server serves."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    config = Config(f"http://127.0.0.1:{runner.addresses[0][1]}", token=OWN_TOKEN)
    async with open_cluster(Credentials(lambda: config)) as cluster:
        yield cluster
    await runner.cleanup()

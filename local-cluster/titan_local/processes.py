"""Runs a component that only talks to the API server, until SIGTERM ends it quietly."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

from titan_kube.client import Client
from titan_kube.credentials import Credentials
from titan_kube.load import load


def run_until_told(work: Callable[[Client], Awaitable[None]]) -> None:
    """Do the work as the user that KUBECONFIG names, until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(_run(work))


async def _run(work: Callable[[Client], Awaitable[None]]) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    with suppress(asyncio.CancelledError):
        async with Client(Credentials(load), agent="titan-local") as kube:
            await work(kube)

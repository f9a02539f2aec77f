"""The operator's process: its parts begin, kopf watches until SIGTERM, everything ends in order.

kopf cancels every task that was begun after it, when it ends; so probes, queue and all of ours begin before it.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial

import kopf

from titan_operator.access import Access
from titan_operator.application import Operator, build_operator
from titan_operator.clocks import SystemClock
from titan_operator.errors import ConfigurationError
from titan_operator.gateway import HTTPGateway
from titan_operator.handlers import build_registry, build_settings
from titan_operator.metrics import Metrics
from titan_operator.outcomes import Store
from titan_operator.probes import Probes, serve_probes
from titan_operator.settings import Settings

log = logging.getLogger(__name__)


async def run_process(settings: Settings) -> int:
    """Run until SIGTERM; 1 if a part of the operator has failed. Raises ConfigurationError."""
    clock, metrics, access = SystemClock(), Metrics(), Access()
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(
            HTTPGateway(access, metrics, page_size=settings.page_size, request_seconds=settings.request_seconds)
        )
        store = await stack.enter_async_context(Store(settings.store_url, settings.store_token_file, clock))
        operator = build_operator(settings, gateway, store, clock, metrics)
        probes = Probes(operator.cache, operator.queue, operator.intake, metrics, clock)
        try:
            stack.push_async_callback(await serve_probes(probes.app(), settings.probe_host, settings.probe_port))
        except OSError as error:
            raise ConfigurationError(f"probes cannot listen on port {settings.probe_port}: {error.strerror}") from error
        stopped = asyncio.Event()
        tasks = [
            asyncio.create_task(operator.events.run(), name="events"),
            asyncio.create_task(_serve(operator, settings), name="resync, outcomes"),
        ]
        for task in tasks:
            task.add_done_callback(partial(_stop_after_failure, stopped))
        try:
            await _watch(operator, settings, access, stopped)
        finally:
            await operator.workers.close()
            failed = [task for task in tasks if task.done() and not task.cancelled()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return 1 if failed else 0


async def _serve(operator: Operator, settings: Settings) -> None:
    await operator.synchronise()
    async with asyncio.TaskGroup() as group:
        group.create_task(operator.accounts.ensure_all(settings.namespaces))
        group.create_task(operator.follower.run())
        group.create_task(operator.resync.run(settings.resync_seconds))


async def _watch(operator: Operator, settings: Settings, access: Access, stopped: asyncio.Event) -> None:
    registry = build_registry(
        operator.intake, access, operator.resync, operator.accounts, sees_namespaces=not settings.namespaces
    )
    kopf_settings = build_settings()
    kopf_settings.scanning.disabled = bool(settings.namespaces)
    await kopf.operator(
        registry=registry,
        settings=kopf_settings,
        standalone=True,
        clusterwide=not settings.namespaces,
        namespaces=settings.namespaces,
        stop_flag=stopped,
    )


def _stop_after_failure(stopped: asyncio.Event, task: "asyncio.Task[None]") -> None:
    """A part that has failed takes the process along: a restart converges, half an operator does not."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_name(), exc_info=error)
        stopped.set()

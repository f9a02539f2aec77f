"""The operator's process: its parts begin, kopf watches until SIGTERM, everything ends in order.

kopf cancels every task that was begun after it, when it ends; so probes, queue and all of ours begin before it.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial
from socket import gethostname
from uuid import uuid4

import kopf

from titan_operator.access import Access
from titan_operator.application import Operator, build_operator
from titan_operator.clocks import SystemClock
from titan_operator.cluster.gateway import HTTPGateway
from titan_operator.cluster.store_authority import StoreAuthority
from titan_operator.errors import ConfigurationError
from titan_operator.metrics import Metrics
from titan_operator.passes.fences import FencedGateway
from titan_operator.passes.leader import Alone, Election
from titan_operator.probes import Probes, serve_probes
from titan_operator.replicas import Replica
from titan_operator.settings import Settings
from titan_operator.watching.handlers import build_registry
from titan_operator.watching.kinds import await_kinds
from titan_operator.watching.kopf_settings import build_settings
from titan_operator.watching.outcomes import Store

log = logging.getLogger(__name__)


async def run_process(settings: Settings) -> int:
    """Run until SIGTERM; 1 if a part of the operator has failed. Raises ConfigurationError."""
    clock, metrics, access = SystemClock(), Metrics(), Access()
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(
            HTTPGateway(access, metrics, page_size=settings.page_size, request_seconds=settings.longest_request_seconds)
        )
        authority = StoreAuthority(settings.store_ca_file, clock)
        store = await stack.enter_async_context(Store(settings.store_url, settings.store_token_file, clock, authority))
        election = None
        if settings.leader_election.enabled:
            election = Election(gateway, clock, settings.leader_election.terms(), f"{gethostname()}_{uuid4()}")
        leadership = election or Alone()
        operator = build_operator(settings, FencedGateway(gateway, leadership), store, clock, metrics, authority)
        probes = Probes(operator.cache, operator.queue, operator.informer, metrics, clock, leadership)
        try:
            stack.push_async_callback(await serve_probes(probes.app(), settings.probe_host, settings.probe_port))
        except OSError as error:
            raise ConfigurationError(f"probes cannot listen on port {settings.probe_port}: {error.strerror}") from error
        # Both begin at the first await below, so that kopf finds our tasks there already when it looks.
        watching = asyncio.create_task(_watch(operator, settings, access), name="watches")
        tasks = _begin(operator, settings, election, watching)
        await asyncio.wait([watching])
        await operator.workers.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if election is not None:
            await election.release()
    if not watching.cancelled() and (failure := watching.exception()) is not None:
        log.error("kopf has failed", exc_info=failure)
    return 1 if watching.cancelled() or watching.exception() is not None else 0


def _begin(
    operator: Operator, settings: Settings, election: Election | None, watching: "asyncio.Task[None]"
) -> list["asyncio.Task[None]"]:
    """All that runs beside kopf. What needs a true cache waits for it inside its task."""
    synced = asyncio.Event()

    async def synchronise() -> None:
        if election is not None:
            operator.workers.stand_by()
        await await_kinds(operator.gateway, operator.clock)
        await operator.warm_up()
        synced.set()
        if election is None:
            operator.begin()
            await operator.accounts.ensure_all(settings.namespaces)

    async def campaign() -> None:
        await synced.wait()
        if election is not None:
            await Replica(operator, settings.namespaces).serve(election)

    async def follow_outcomes() -> None:
        await synced.wait()
        await operator.follower.run()

    async def compare_regularly() -> None:
        await synced.wait()
        await operator.resync.run(settings.resync_seconds)

    async def watch_policies() -> None:
        await synced.wait()
        await operator.protections.run()

    parts = (synchronise, campaign, follow_outcomes, compare_regularly, watch_policies, operator.events.run)
    tasks = [asyncio.create_task(part(), name=part.__name__) for part in parts]
    for task in tasks:
        task.add_done_callback(partial(_stop_after_failure, watching))
    return tasks


async def _watch(operator: Operator, settings: Settings, access: Access) -> None:
    registry = build_registry(
        operator.informer, access, operator.resync, operator.accounts, sees_namespaces=not settings.namespaces
    )
    kopf_settings = build_settings()
    kopf_settings.scanning.disabled = bool(settings.namespaces)
    await kopf.operator(
        registry=registry,
        settings=kopf_settings,
        standalone=True,
        clusterwide=not settings.namespaces,
        namespaces=settings.namespaces,
    )


def _stop_after_failure(watching: "asyncio.Task[None]", task: "asyncio.Task[None]") -> None:
    """A part that has failed takes the process along: a restart converges, half an operator does not."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_name(), exc_info=error)
        watching.cancel()

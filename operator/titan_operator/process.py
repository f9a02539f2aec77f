"""The operator's process: its parts start, kopf watches until SIGTERM, everything ends in order."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from socket import gethostname
from uuid import uuid4

from titan_kube import errors
from titan_kube.credentials import Credentials
from titan_kube.load import load
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
from titan_operator.watching.outcomes import Store
from titan_operator.watching.tasks import Part, run_with_kopf


async def run_process(settings: Settings) -> int:
    """Run until SIGTERM; 1 if a part of the operator has failed. Raises ConfigurationError."""
    clock, metrics = SystemClock(), Metrics()
    try:
        credentials = Credentials(load)
    except errors.ConfigurationError as error:
        raise ConfigurationError(str(error)) from error
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(
            HTTPGateway(
                credentials, metrics, page_size=settings.page_size, request_seconds=settings.longest_request_seconds
            )
        )
        authority = StoreAuthority(settings.store_ca_file, clock)
        store = await stack.enter_async_context(Store(settings.store_url, settings.store_token_file, clock, authority))
        election = None
        if settings.leader_election.enabled:
            election = Election(gateway, clock, settings.leader_election, f"{gethostname()}_{uuid4()}")
        leadership = election or Alone()
        operator = build_operator(settings, FencedGateway(gateway, leadership), store, clock, metrics, authority)
        probes = Probes(operator.cache, operator.queue, operator.informer, metrics, clock, leadership)
        try:
            stack.push_async_callback(await serve_probes(probes.app(), settings.probe_host, settings.probe_port))
        except OSError as error:
            raise ConfigurationError(f"probes cannot listen on port {settings.probe_port}: {error.strerror}") from error
        registry = build_registry(
            operator.informer, credentials, operator.resync, operator.accounts, sees_namespaces=not settings.namespaces
        )
        parts = _parts(operator, settings, election)
        is_well = await run_with_kopf(registry, settings.namespaces, parts, operator.workers.close)
        if election is not None:
            await election.release()
    return 0 if is_well else 1


def _parts(operator: Operator, settings: Settings, election: Election | None) -> Sequence[Part]:
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

    return synchronise, campaign, follow_outcomes, compare_regularly, watch_policies, operator.events.run

"""Wires the parts of an operator; the edges (gateway, store, clock) are passed in."""

from dataclasses import dataclass, replace

from titan_operator.clocks import Clock
from titan_operator.cluster.accounts import Accounts
from titan_operator.cluster.events import Events
from titan_operator.cluster.gateway import Gateway
from titan_operator.cluster.protections import Protections
from titan_operator.cluster.store_authority import StoreAuthority
from titan_operator.execute import Executor
from titan_operator.metrics import Metrics
from titan_operator.passes.queue import Queue
from titan_operator.passes.workers import Workers
from titan_operator.plan.observed import PodSettings
from titan_operator.reconcile import Reconciler
from titan_operator.settings import Settings
from titan_operator.state.cache import Cache
from titan_operator.watching.following import Follower, OutcomeStream
from titan_operator.watching.informer import Informer
from titan_operator.watching.resync import Resync


@dataclass(frozen=True)
class Operator:
    """One operator; ``main`` runs it, tests drive it."""

    queue: Queue
    cache: Cache
    workers: Workers
    informer: Informer
    accounts: Accounts
    events: Events
    reconciler: Reconciler
    resync: Resync
    follower: Follower
    protections: Protections
    gateway: Gateway
    clock: Clock

    async def warm_up(self) -> None:
        """List everything once; the cache is true from then on."""
        await self.resync.first_round()
        self.informer.finish_sync()

    def begin(self) -> None:
        """Start passes; every object is looked at."""
        self.workers.open(self.reconciler.reconcile)

    async def take_over(self) -> None:
        """Start passes after another operator: see its last writes first, and ask the store about what it started."""
        await self.resync.first_round()
        self.begin()
        self.informer.finish_sync()


def build_operator(
    settings: Settings,
    gateway: Gateway,
    store: OutcomeStream,
    clock: Clock,
    metrics: Metrics,
    authority: StoreAuthority | None = None,
) -> Operator:
    """Wire the parts."""
    queue = Queue()
    cache = Cache(clock.now)
    workers = Workers(queue, clock, metrics, settings.parallel_passes)
    informer = Informer(cache, workers.wake, clock)
    accounts = Accounts(gateway, settings.store_service)
    events = Events(gateway, clock)
    executor = Executor(gateway, cache, informer, accounts, clock)
    protections = Protections(gateway, cache, clock, workers.wake, is_required=settings.approvals == "Require")
    pods, trusted = settings.pods(), authority or StoreAuthority(None, clock)

    def pod_settings() -> PodSettings:
        pem = trusted.pem()
        return replace(pods, store_ca=pem) if pem else pods

    return Operator(
        queue=queue,
        cache=cache,
        workers=workers,
        informer=informer,
        accounts=accounts,
        events=events,
        reconciler=Reconciler(cache, executor, store, events, pod_settings, clock, workers.wake, protections),
        resync=Resync(gateway, informer, clock, metrics, settings.namespaces),
        follower=Follower(store, cache, informer, clock, metrics),
        protections=protections,
        gateway=gateway,
        clock=clock,
    )

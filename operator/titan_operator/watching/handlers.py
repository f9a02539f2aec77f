"""kopf's part: watching. What its watches tell wakes keys, and nothing else of it is used (see streams.py).

No create, update or field handlers, timers or daemons: they would put finalizers and annotations on users' objects and
wait for seconds. Handlers return None, because kopf would patch a returned value into the status.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import aiohttp
import kopf

from titan_api import names
from titan_operator.access import Access
from titan_operator.cluster.accounts import Accounts
from titan_operator.cluster.gateway import LABEL_SELECTORS, RESOURCES
from titan_operator.records import KIND_DEPLOYMENT, KIND_POD
from titan_operator.state.cache import WATCHED_KINDS
from titan_operator.watching.informer import Informer
from titan_operator.watching.resync import Resync
from titan_operator.watching.streams import take_changes

TITAN_KINDS = (names.KIND_DAG, names.KIND_JOB, names.KIND_APPROVAL)
KINDS_BY_PLURAL = {RESOURCES[kind][1]: kind for kind in WATCHED_KINDS}
BACKOFFS = (0.05, 0.1, 0.2, 0.5)
"""Seconds between tries of kopf's requests; the last one for ever."""


def build_registry(
    informer: Informer, access: Access, resync: Resync, accounts: Accounts, *, sees_namespaces: bool
) -> kopf.OperatorRegistry:
    """What kopf shall watch, and with which session."""
    registry = kopf.OperatorRegistry()
    takes = {plural: partial(informer.event, kind, deleted=False) for plural, kind in KINDS_BY_PLURAL.items()}

    @kopf.on.login(registry=registry)
    async def log_in(**_: Any) -> kopf.AiohttpSession:
        access.renew()
        session = access.open_session(
            timeout=aiohttp.ClientTimeout(total=None),
            traces=[trace_lists(resync)],
            middlewares=[take_changes(takes)],
        )
        session.headers.update(access.headers())
        return kopf.AiohttpSession(server=access.server, aiohttp_session=session)

    for kind in TITAN_KINDS:
        _watch(registry, informer, kind, names.GROUP, names.VERSION, RESOURCES[kind][1])
    _watch(registry, informer, KIND_POD, "", "v1", "pods")
    _watch(registry, informer, KIND_DEPLOYMENT, "apps", "v1", "deployments")

    if sees_namespaces:

        @kopf.on.event("", "v1", "namespaces", registry=registry)
        async def namespace_seen(event: Any, **_: Any) -> None:
            meta = event["object"]["metadata"]
            if event["type"] == "DELETED" or meta.get("deletionTimestamp"):
                accounts.forget(meta["name"])
            else:
                await accounts.ensure_all([meta["name"]])

    return registry


def build_settings() -> kopf.OperatorSettings:
    """kopf without anything that writes."""
    settings = kopf.OperatorSettings()
    settings.persistence.diffbase_storage = _NoDiffBase()
    settings.persistence.progress_storage = _NoProgress()
    settings.posting.enabled = False
    settings.networking.error_backoffs = _Endless(BACKOFFS)
    settings.networking.connect_timeout = 3.0
    settings.watching.label_selectors["", "v1", "pods"] = LABEL_SELECTORS[KIND_POD]
    settings.watching.label_selectors["apps", "v1", "deployments"] = LABEL_SELECTORS[KIND_DEPLOYMENT]
    settings.watching.reconnect_backoff = 0.05
    settings.process.ultimate_exiting_timeout = 20.0
    settings.queueing.exit_timeout = 0.5
    return settings


def _watch(
    registry: kopf.OperatorRegistry, informer: Informer, kind: str, group: str, version: str, plural: str
) -> None:
    @kopf.on.event(group, version, plural, registry=registry)
    async def seen(event: Any, **_: Any) -> None:
        informer.event(kind, event["object"], deleted=event["type"] == "DELETED")


def trace_lists(resync: Resync) -> aiohttp.TraceConfig:
    """Notice each list that kopf makes: before it there was a gap, and only a list of ours shows what vanished in it.

    Its events alone would not do: a list that has become empty has none.
    """

    async def request_ended(_: Any, __: Any, request: aiohttp.TraceRequestEndParams) -> None:
        kind = KINDS_BY_PLURAL.get(request.url.name)
        if kind is not None and request.method.upper() == "GET" and "watch" not in request.url.query:
            resync.request(kind)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(request_ended)
    return trace


class _Endless(Iterable[float]):
    """kopf takes the end of this for the end of trying, and then ends itself."""

    def __init__(self, first: tuple[float, ...]) -> None:
        self._first = first

    def __iter__(self) -> Iterator[float]:
        yield from self._first
        while True:
            yield self._first[-1]


class _NoDiffBase(kopf.DiffBaseStorage):
    """kopf compares each object with its former self for handlers that we do not have: half its time per event."""

    def build(self, *, body: kopf.Body, extra_fields: Any = None) -> kopf.BodyEssence:
        return kopf.BodyEssence()

    def fetch(self, *, body: kopf.Body) -> kopf.BodyEssence | None:
        return None

    def store(self, *, body: kopf.Body, patch: kopf.Patch, essence: kopf.BodyEssence) -> None:
        return


class _NoProgress(kopf.ProgressStorage):
    """Handlers of events have no progress; kopf would look for it in each object and copy what it found."""

    def fetch(self, *, key: kopf.HandlerId, body: kopf.Body) -> None:
        return None

    def store(self, *, key: kopf.HandlerId, record: kopf.ProgressRecord, body: kopf.Body, patch: kopf.Patch) -> None:
        return

    def purge(self, *, key: kopf.HandlerId, body: kopf.Body, patch: kopf.Patch) -> None:
        return

    def touch(self, *, body: kopf.Body, patch: kopf.Patch, value: str | None) -> None:
        return

    def clear(self, *, essence: kopf.BodyEssence) -> kopf.BodyEssence:
        return essence

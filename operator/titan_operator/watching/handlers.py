"""What kopf watches, and what its events do: they update the cache and wake keys (see also streams.py).

No create, update or field handlers, timers or daemons: they would put finalizers and annotations on users' objects and
wait for seconds. Handlers return None, because kopf would patch a returned value into the status.
"""

from functools import partial
from typing import Any

import aiohttp
import kopf

from titan_api import names
from titan_kube.client import open_session
from titan_kube.credentials import Credentials
from titan_operator.cluster.accounts import Accounts
from titan_operator.cluster.gateway import RESOURCES
from titan_operator.records import KIND_DEPLOYMENT, KIND_POD
from titan_operator.watching.informer import Informer
from titan_operator.watching.lists import KINDS_BY_PLURAL, trace_lists
from titan_operator.watching.resync import Resync
from titan_operator.watching.streams import take_changes

TITAN_KINDS = (names.KIND_DAG, names.KIND_JOB, names.KIND_APPROVAL)


def build_registry(
    informer: Informer, credentials: Credentials, resync: Resync, accounts: Accounts, *, sees_namespaces: bool
) -> kopf.OperatorRegistry:
    """What kopf watches, and with which session."""
    registry = kopf.OperatorRegistry()
    takes = {plural: partial(informer.event, kind, deleted=False) for plural, kind in KINDS_BY_PLURAL.items()}

    @kopf.on.login(registry=registry)
    async def log_in(**_: Any) -> kopf.AiohttpSession:
        credentials.renew()
        session = open_session(
            credentials,
            agent="titan-operator",
            traces=[trace_lists(resync)],
            middlewares=[take_changes(takes), end_outdated_session(credentials)],
        )
        return kopf.AiohttpSession(server=credentials.config.server, aiohttp_session=session)

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


def _watch(
    registry: kopf.OperatorRegistry, informer: Informer, kind: str, group: str, version: str, plural: str
) -> None:
    @kopf.on.event(group, version, plural, registry=registry)
    async def seen(event: Any, **_: Any) -> None:
        informer.event(kind, event["object"], deleted=event["type"] == "DELETED")


def end_outdated_session(credentials: Credentials) -> aiohttp.ClientMiddlewareType:
    """kopf logs in again where its session is closed, and nowhere else: so does a rotated authority come into use.

    As long as the authority is the one that the session was opened with, another session would fare no better, and
    kopf's own back-off goes on.
    """
    context = credentials.context()

    async def middleware(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        try:
            return await handler(request)
        except aiohttp.ClientConnectorCertificateError:
            credentials.renew()
            if credentials.context() is not context:
                await request.session.close()
            raise

    return middleware

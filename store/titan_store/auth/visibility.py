"""What somebody may see of the cluster: for each kind, the namespaces in which they may list it."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from titan_api import names
from titan_store.api import keys
from titan_store.auth.gate import describe_refusal
from titan_store.auth.identities import Attributes, Identity
from titan_store.errors import Forbidden

Sight = Mapping[str, frozenset[str] | None]
"""By kind: the namespaces to show, of those that hold anything; None: all of them."""

PLURALS: Mapping[str, str] = {
    names.KIND_DAG: names.PLURAL_DAGS,
    names.KIND_JOB: names.PLURAL_JOBS,
    names.KIND_APPROVAL: names.PLURAL_APPROVALS,
}


async def visible(
    app: web.Application, identity: Identity, namespace: str | None, kind: str = names.KIND_DAG
) -> frozenset[str] | None:
    """The namespaces in which to show a kind, of those that hold anything; None: all of them.

    Raises Forbidden for a namespace that was named and may not be seen, Unavailable.
    """
    if namespace is not None:
        await app[keys.GATE].require(identity, list_kind(kind, namespace))
        return frozenset({namespace})
    cache = await app[keys.VIEWS].ready()
    return await app[keys.GATE].find_places(identity, list_kind(kind, ""), frozenset(cache.namespaces()))


async def look_around(app: web.Application, identity: Identity, namespace: str | None) -> Sight:
    """The same of all kinds: an answer that shows several holds only what its viewer may list of each.

    Raises Forbidden for a namespace that was named and of which nothing may be seen, Unavailable.
    """
    if namespace is None:
        found = await asyncio.gather(*(visible(app, identity, None, kind) for kind in PLURALS))
        return dict(zip(PLURALS, found, strict=True))
    gate = app[keys.GATE]
    answers = await asyncio.gather(*(gate.may(identity, list_kind(kind, namespace)) for kind in PLURALS))
    if not any(answers):
        raise Forbidden(describe_refusal(identity, list_kind(names.KIND_DAG, namespace)))
    return {kind: frozenset({namespace} if may else ()) for kind, may in zip(PLURALS, answers, strict=True)}


def list_kind(kind: str, namespace: str) -> Attributes:
    """The right to see all of a kind in a namespace; empty: in all of them."""
    return Attributes(PLURALS[kind], "list", namespace, names.GROUP)

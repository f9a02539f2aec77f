"""What somebody may see of the cluster: the namespaces in which they may list TitanDAGs."""

from aiohttp import web

from titan_sdk.api import names
from titan_store import keys
from titan_store.auth.identities import Attributes, Identity


async def visible(app: web.Application, identity: Identity, namespace: str | None) -> frozenset[str] | None:
    """The namespaces to show, of those that hold anything; None: all of them.

    Raises Forbidden for a namespace that was named and may not be seen, Unavailable.
    """
    gate = app[keys.GATE]
    if namespace is not None:
        await gate.require(identity, list_dags(namespace))
        return frozenset({namespace})
    cache = await app[keys.VIEWS].ready()
    return await gate.find_places(identity, list_dags(""), frozenset(cache.namespaces()))


def list_dags(namespace: str) -> Attributes:
    """The right to see what goes on in a namespace; empty: in all of them."""
    return Attributes(names.PLURAL_DAGS, "list", namespace, names.GROUP)

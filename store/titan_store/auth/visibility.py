"""What somebody may see of the cluster: for each kind, the namespaces in which they may list it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from titan_api import names
from titan_store.auth.gate import Gate, describe_refusal
from titan_store.auth.identities import Attributes, Identity
from titan_store.errors import Forbidden

Sight = Mapping[str, frozenset[str] | None]
"""By kind: the namespaces to show, of those that hold anything; None: all of them."""

PLURALS: Mapping[str, str] = {
    names.KIND_DAG: names.PLURAL_DAGS,
    names.KIND_JOB: names.PLURAL_JOBS,
    names.KIND_APPROVAL: names.PLURAL_APPROVALS,
}


@dataclass(frozen=True)
class Visibility:
    """Asks the gate about lists, namespace by namespace where somebody may not list all of them."""

    gate: Gate
    populated: Callable[[], Awaitable[frozenset[str]]]
    """The namespaces that hold anything. Raises Unavailable."""

    async def of(self, identity: Identity, namespace: str | None, kind: str = names.KIND_DAG) -> frozenset[str] | None:
        """The namespaces in which to show a kind, of those that hold anything; None: all of them.

        Raises Forbidden for a namespace that was named and may not be seen, Unavailable.
        """
        if namespace is not None:
            await self.gate.require(identity, list_kind(kind, namespace))
            return frozenset({namespace})
        return await self.gate.find_places(identity, list_kind(kind, ""), await self.populated())

    async def of_all_kinds(self, identity: Identity, namespace: str | None) -> Sight:
        """The same for each kind: an answer that shows several holds only what its viewer may list of each.

        Raises Forbidden for a namespace that was named and of which nothing may be seen, Unavailable.
        """
        if namespace is None:
            found = await asyncio.gather(*(self.of(identity, None, kind) for kind in PLURALS))
            return dict(zip(PLURALS, found, strict=True))
        answers = await asyncio.gather(*(self.gate.may(identity, list_kind(kind, namespace)) for kind in PLURALS))
        if not any(answers):
            raise Forbidden(describe_refusal(identity, list_kind(names.KIND_DAG, namespace)))
        return {kind: frozenset({namespace} if may else ()) for kind, may in zip(PLURALS, answers, strict=True)}


def list_kind(kind: str, namespace: str) -> Attributes:
    """The right to see all of a kind in a namespace; empty: in all of them."""
    return Attributes(PLURALS[kind], "list", namespace, names.GROUP)

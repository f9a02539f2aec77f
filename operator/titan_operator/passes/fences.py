"""The gateway of one of several operators: without the Lease it reads, but does not write."""

from titan_api.json_types import Raw
from titan_kube.client import Page
from titan_operator.cluster.gateway import Gateway
from titan_operator.errors import NotLeading
from titan_operator.passes.leader import Leadership


class FencedGateway:
    """Forwards reads always, and writes only while this process leads, which is checked right before each."""

    def __init__(self, gateway: Gateway, leadership: Leadership) -> None:
        self._gateway = gateway
        self._leadership = leadership

    async def get(self, kind: str, namespace: str, name: str) -> Raw:
        """One object, as it is now."""
        return await self._gateway.get(kind, namespace, name)

    async def list_page(self, kind: str, namespace: str | None, continuation: str) -> Page:
        """Some of the objects of a kind, in one namespace or in all."""
        return await self._gateway.list_page(kind, namespace, continuation)

    async def create(self, kind: str, namespace: str, body: Raw) -> Raw:
        """A new object. Raises NotLeading."""
        self._check()
        return await self._gateway.create(kind, namespace, body)

    async def patch(self, kind: str, namespace: str, name: str, body: Raw, *, subresource: str = "") -> Raw:
        """A merge patch. Raises NotLeading."""
        self._check()
        return await self._gateway.patch(kind, namespace, name, body, subresource=subresource)

    async def delete(self, kind: str, namespace: str, name: str, preconditions: Raw) -> Raw:
        """Delete an object in that state. Raises NotLeading."""
        self._check()
        return await self._gateway.delete(kind, namespace, name, preconditions)

    def _check(self) -> None:
        if not self._leadership.may_write():
            raise NotLeading("this operator does not lead now")

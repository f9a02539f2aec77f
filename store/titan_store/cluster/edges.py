"""The cluster as the store needs it, as a Protocol; a store can run without it, and then keeps things longer."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol

Json = dict[str, Any]


class ApprovalPage(NamedTuple):
    """Some gates of a namespace."""

    items: list[Json]
    following: str
    """Ask with this for more; empty: that was all."""


class Cluster(Protocol):
    """All raise Unavailable when the API server does not answer."""

    async def namespaces(self) -> dict[str, str]:
        """Names by uid."""

    def jobs(self, namespace: str) -> AsyncIterator[str]:
        """The TitanJobs of a namespace as JSON text, in pages."""

    async def approval(self, namespace: str, name: str) -> Json | None:
        """A TitanApproval; None: there is none."""

    async def approvals(self, namespace: str, limit: int, following: str) -> ApprovalPage:
        """TitanApprovals of a namespace. Raises BadRequest for a ``following`` that is none (any more)."""

    async def decide(self, namespace: str, name: str, decisions: list[Json], version: str) -> Json | None:
        """Set the decisions of a gate that still has this resource version; None: it has another, or is gone.

        Raises Forbidden with the API server's words if it refuses.
        """

    def follow_approvals(self) -> AsyncIterator[Json]:
        """The TitanApprovals of all namespaces, then each that changes, until the watch breaks."""


class OpenCluster(Protocol):
    """Opens the edge for the duration of a block."""

    def __call__(self) -> AbstractAsyncContextManager[Cluster]:
        """The edge."""

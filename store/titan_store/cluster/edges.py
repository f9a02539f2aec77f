"""The cluster as the store needs it, as a Protocol; a store can run without it, and then keeps things longer."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from titan_api import names
from titan_api.json_types import Json
from titan_kube.follow import Batch

NODE = "Node"
FOLLOWED: Mapping[str, str] = {
    names.KIND_DAG: names.PLURAL_DAGS,
    names.KIND_JOB: names.PLURAL_JOBS,
    names.KIND_APPROVAL: names.PLURAL_APPROVALS,
    NODE: "nodes",
}
"""Kinds that can be followed, and the plural names of their lists."""
GROUP = f"/apis/{names.API_VERSION}"
"""Where Titan's own kinds are served."""


class ApprovalPage(NamedTuple):
    """Some gates of a namespace."""

    items: list[Json]
    following: str
    """Ask for more with this; empty: that was all."""


class Reader(Protocol):
    """Whoever can look at one object."""

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        """A TitanDAG, TitanJob or TitanApproval as it is now; None: there is none."""


class Actor(Reader, Protocol):
    """Reads and writes the three kinds with one caller's rights.

    All raise Unavailable, Forbidden with the API server's words if it refuses, and Unauthenticated if it does not take
    the token (any more).
    """

    async def jobs_of(self, namespace: str, dag: str) -> list[Json]:
        """The TitanJobs of a TitanDAG."""

    async def change(self, kind: str, namespace: str, name: str, patch: Json) -> Json | None:
        """Merge a patch; None: there is no such object, or it no longer has the patch's resource version."""

    async def create(self, namespace: str, manifest: Json) -> Json | None:
        """Create an object; None: one of its name exists."""

    async def delete(self, kind: str, namespace: str, name: str, uid: str) -> None:
        """Delete it if it is still this one."""


class Cluster(Reader, Protocol):
    """All raise Unavailable when the API server does not answer."""

    async def namespaces(self) -> dict[str, str]:
        """Names by uid."""

    def jobs(self, namespace: str) -> AsyncIterator[str]:
        """The TitanJobs of a namespace as JSON text, in pages."""

    async def approvals(self, namespace: str, limit: int, following: str) -> ApprovalPage:
        """TitanApprovals of a namespace. Raises BadRequest for a ``following`` that is none (any more)."""

    async def decide(self, namespace: str, name: str, decisions: list[Json], version: str) -> Json | None:
        """Set the decisions of a gate that still has this resource version; None: it has another, or is gone.

        Raises Forbidden with the API server's words if it refuses.
        """

    async def events(self, namespace: str, kind: str, name: str) -> list[Json]:
        """The Events about objects of this kind and name, at most some hundreds."""

    async def pods(self, namespace: str, labels: str) -> list[Json]:
        """The pods that a label selector finds."""

    def acting_as(self, token: str | None) -> Actor:
        """With the rights of the token's owner; None: with the store's own."""

    def follow(self, kind: str) -> AsyncIterator[Batch]:
        """The objects of a kind of ``FOLLOWED`` in all namespaces, then each change, until the watch breaks."""


OpenCluster = Callable[[], AbstractAsyncContextManager[Cluster]]
"""Opens the edge for the duration of a block."""

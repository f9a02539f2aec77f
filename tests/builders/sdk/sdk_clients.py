"""A TitanClient whose cluster and store are in memory, with faults where a test wants them."""

from pathlib import Path

from builders.sdk.sdk_cluster import FakeCluster
from builders.sdk.sdk_edge import FakeClock
from builders.sdk.sdk_store import ADDRESS, FakeStore

from titan_sdk import TitanClient
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections


def client_of(cluster: FakeCluster, store: FakeStore | None = None, **variables: str) -> TitanClient:
    """A client of the namespace ``team``; ``variables`` are further ones of its environment."""
    named = {"TITAN_STORE_URL": ADDRESS, "TITAN_NAMESPACE": "team", **variables}
    surroundings = resolve(named, (None, None), Path("/"))
    return TitanClient(
        connections=Connections(
            surroundings=lambda: surroundings,
            access=lambda *_: cluster.access(),
            store_transport=(store or FakeStore()).transport,
            clock=FakeClock(),
        )
    )

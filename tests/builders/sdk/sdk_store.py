"""The SDK's store in memory with faults: tokens that it does not know, damaged and broken downloads."""

from dataclasses import dataclass
from typing import Any

from builders.sdk.sdk_edge import Asked, FakeClock, FaultyTransport

from titan_sdk.data.store import Store
from titan_sdk.testing.answers import WholeStream, refuse_as_store
from titan_sdk.testing.stores import MemoryLog as FakeLog
from titan_sdk.testing.stores import MemoryStore
from titan_sdk.transport.http import Stream

__all__ = ["ADDRESS", "FakeLog", "FakeStore", "PlainRoute"]

ADDRESS = "http://store.test:9090"
UPDATED = "2026-01-02T03:04:05.000006Z"


@dataclass
class FakeStore(MemoryStore):
    """Everything public, so that tests may look and meddle."""

    tokens: tuple[str, ...] = ()
    """Tokens that are accepted; empty: everybody is."""
    damage: bool = False
    """Downloads arrive with another last byte."""
    cut: int = 0
    """So many downloads break off in the middle."""

    def __post_init__(self) -> None:
        self.transport = FaultyTransport(self.serve)

    def store(self, clock: Any = None) -> Store:
        return Store(PlainRoute(self.transport), "team", clock or FakeClock())

    def serve(self, asked: Asked) -> Stream:
        token = asked.headers.get("X-Titan-Token") or asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens and token not in self.tokens:
            return refuse_as_store(401, "Unauthenticated", "the token is not known")
        return super().serve(asked)

    def send_content(self, status: int, content: bytes, headers: dict[str, str]) -> Stream:
        if self.cut > 0:
            self.cut -= 1
            return WholeStream(status, content[: len(content) // 2], headers=headers, breaks=True)
        return WholeStream(status, content[:-1] + b"?" if self.damage else content, headers=headers)

    def now(self) -> str:
        return UPDATED


@dataclass
class PlainRoute:
    """Straight to the fake, without credentials."""

    transport: FaultyTransport
    base: str = ADDRESS

    def headers(self) -> dict[str, str]:
        return {}

    def authenticate_anew(self) -> bool:
        return False

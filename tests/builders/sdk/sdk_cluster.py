"""The SDK's API server in memory with faults on the way. The test plays the operator through ``set_status``."""

import threading
from typing import Any

from builders.sdk.sdk_edge import Asked, FakeClock, FaultyTransport

from titan_sdk.cluster.access import Access
from titan_sdk.cluster.kube import Kube
from titan_sdk.testing.answers import refuse_as_api
from titan_sdk.testing.api_servers import MemoryAPI
from titan_sdk.transport.http import Stream

SERVER = "https://cluster.test"


class FakeCluster(MemoryAPI):
    """Objects in the namespace ``team``."""

    def __init__(self, user: str = "anna", groups: tuple[str, ...] = ()) -> None:
        super().__init__(user, groups)
        self.transport = FaultyTransport(self.serve)
        self.accounts_after = 0
        """So many requests for a token find no ServiceAccount yet."""
        self.forget_before = 0
        """Watches from older versions are answered with 410."""
        self.on_watch = threading.Event()

    def kube(self, clock: Any = None, namespace: str = "team") -> Kube:
        return Kube(self.access(), namespace, clock or FakeClock())

    def access(self) -> Access:
        return Access(SERVER, self.transport, lambda: "Bearer person", "team")

    def now(self) -> str:
        return "2026-01-02T03:04:05Z"

    def issue_token(self, asked: Asked) -> Stream:
        if self.accounts_after > 0:
            self.accounts_after -= 1
            return refuse_as_api(404, 'serviceaccounts "titan-client" not found')
        return super().issue_token(asked)

    def watch(self, asked: Asked, plural: str) -> Stream:
        if int(asked.query["resourceVersion"]) < self.forget_before:
            self.forget_before = 0
            return refuse_as_api(410, "too old resource version")
        stream = super().watch(asked, plural)
        self.on_watch.set()
        return stream

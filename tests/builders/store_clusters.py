"""The store's cluster edge without a cluster: namespaces, jobs and gates are what a test says."""

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from builders.reviewers import NAMESPACE, NAMESPACE_UID
from titan_store.cluster.edges import ApprovalPage
from titan_store.errors import Unavailable

Json = dict[str, Any]


class FakeCluster:
    """See ``titan_store.cluster.edges.Cluster``."""

    def __init__(self) -> None:
        self.names = {NAMESPACE_UID: NAMESPACE}
        self.job_texts: dict[str, list[str]] = {}
        self.gates: dict[tuple[str, str], Json] = {}
        self.is_away = False
        self.rivals: list[Json] = []
        """Decisions that somebody else makes just before the store's next one."""
        self._changes: asyncio.Queue[Json] = asyncio.Queue()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeCluster"]:
        """As ``build_app`` wants it."""
        yield self

    def add_gate(self, name: str = "nightly-extract", phase: str = "Pending", **spec: Any) -> Json:
        status: Json = {"phase": phase}
        if phase != "Scheduled":
            status |= {"openTime": "2026-01-02T03:00:00.000000Z", "deadline": "2026-01-02T04:00:00.000000Z"}
        gate: Json = {
            "metadata": {"namespace": NAMESPACE, "name": name, "uid": f"uid-of-{name}", "resourceVersion": "1"},
            "spec": {
                "dag": "nightly",
                "subject": {"job": name, "jobID": "extract", "uid": "job-uid", "round": 1},
                "message": "Ship it?",
                "timeoutSeconds": 3600,
                **spec,
            },
            "status": status,
        }
        self.change(gate)
        return gate

    def change(self, gate: Json) -> None:
        """A gate is there now, or is another."""
        metadata = gate["metadata"]
        metadata["resourceVersion"] = str(int(metadata["resourceVersion"]) + 1)
        self.gates[metadata["namespace"], metadata["name"]] = gate
        self._changes.put_nowait(copy.deepcopy(gate))

    async def namespaces(self) -> dict[str, str]:
        self._answer()
        return dict(self.names)

    async def jobs(self, namespace: str) -> AsyncIterator[str]:
        self._answer()
        for text in self.job_texts.get(namespace, []):
            yield text

    async def approval(self, namespace: str, name: str) -> Json | None:
        self._answer()
        return copy.deepcopy(self.gates.get((namespace, name)))

    async def approvals(self, namespace: str, limit: int, following: str) -> ApprovalPage:
        self._answer()
        found = [copy.deepcopy(gate) for (where, _), gate in sorted(self.gates.items()) if where == namespace]
        start = int(following or "0")
        rest = str(start + limit) if len(found) > start + limit else ""
        return ApprovalPage(found[start : start + limit], rest)

    async def decide(self, namespace: str, name: str, decisions: list[Json], version: str) -> Json | None:
        self._answer()
        gate = self.gates[namespace, name]
        if self.rivals:
            gate["spec"].setdefault("decisions", []).append(self.rivals.pop())
            self.change(gate)
        if gate["metadata"]["resourceVersion"] != version:
            return None
        gate["spec"]["decisions"] = decisions
        self.change(gate)
        return copy.deepcopy(gate)

    async def follow_approvals(self) -> AsyncIterator[Json]:
        self._answer()
        self._changes = asyncio.Queue()
        for gate in list(self.gates.values()):
            yield copy.deepcopy(gate)
        while True:
            yield await self._changes.get()

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The API server does not answer, so nobody can be let in.")

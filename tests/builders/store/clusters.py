"""The store's cluster edge without a cluster: namespaces, jobs and gates are what a test says."""

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from builders.store.actors import FakeActor, Writes
from builders.store.reviewers import NAMESPACE, NAMESPACE_UID
from titan_store.cluster.edges import FOLLOWED, ApprovalPage
from titan_store.errors import Unavailable

from titan_api import names
from titan_api.json_types import Json
from titan_kube.follow import Batch, News


class FakeCluster:
    """See ``titan_store.cluster.edges.Cluster``."""

    def __init__(self) -> None:
        self.names = {NAMESPACE_UID: NAMESPACE}
        self.job_texts: dict[str, list[str]] = {}
        self.gates: dict[tuple[str, str], Json] = {}
        self.is_away = False
        self.rivals: list[Json] = []
        """Decisions that somebody else makes just before the store's next one."""
        self.objects: dict[str, dict[tuple[str, str], Json]] = {kind: {} for kind in FOLLOWED}
        """By kind, then namespace and name; gates are in ``gates``."""
        self.objects[names.KIND_APPROVAL] = self.gates
        self.forbidden: set[str] = set()
        """Kinds that the store may not list."""
        self.watches_hold = True
        """False: each breaks as soon as its list is complete."""
        self.page_size = 500
        self.lists = 0
        """How many lists were begun."""
        self.told: list[Json] = []
        """Events."""
        self.running_pods: list[Json] = []
        self.writes = Writes()
        self._followers: list[tuple[str, asyncio.Queue[Batch | None]]] = []

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
        self._tell(names.KIND_APPROVAL, News.CHANGED, gate)

    def put(self, raw: Json) -> Json:
        """An object is there now, or is another; watches tell it."""
        self.objects[raw["kind"]][_place(raw)] = raw
        self._tell(raw["kind"], News.CHANGED, raw)
        return raw

    def drop(self, kind: str, name: str, namespace: str = NAMESPACE) -> None:
        """It is gone; watches tell it."""
        self._tell(kind, News.GONE, self.objects[kind].pop((namespace, name)))

    def break_watches(self) -> None:
        """All of them end, as when the API server starts again; what changes now is not told."""
        for _, queue in self._followers:
            queue.put_nowait(None)
        self._followers.clear()

    @property
    def watches(self) -> int:
        """How many are open."""
        return len(self._followers)

    def _tell(self, kind: str, news: News, raw: Json) -> None:
        for followed, queue in self._followers:
            if followed == kind:
                queue.put_nowait(Batch(news, [copy.deepcopy(raw)]))

    async def namespaces(self) -> dict[str, str]:
        self._answer()
        return dict(self.names)

    async def jobs(self, namespace: str) -> AsyncIterator[str]:
        self._answer()
        for text in self.job_texts.get(namespace, []):
            yield text

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

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        self._answer()
        return copy.deepcopy(self.objects[kind].get((namespace, name)))

    async def events(self, namespace: str, kind: str, name: str) -> list[Json]:
        self._answer()
        wanted = {"kind": kind, "namespace": namespace, "name": name}
        return [copy.deepcopy(told) for told in self.told if wanted.items() <= told["involvedObject"].items()]

    async def pods(self, namespace: str, labels: str) -> list[Json]:
        """Knows ``key=value`` and ``key in (value,value)``."""
        self._answer()
        key, _, values = labels.replace(" in (", "=").rstrip(")").partition("=")
        wanted = set(values.split(","))
        return [
            copy.deepcopy(pod)
            for pod in self.running_pods
            if pod["metadata"]["namespace"] == namespace and pod["metadata"]["labels"].get(key) in wanted
        ]

    async def follow(self, kind: str) -> AsyncIterator[Batch]:
        self._answer()
        self.lists += 1
        if kind in self.forbidden:
            raise Unavailable(f"The store cannot see the cluster's {FOLLOWED[kind]}: its role must let it.")
        mine: tuple[str, asyncio.Queue[Batch | None]] = kind, asyncio.Queue()
        self._followers.append(mine)
        try:
            items = [copy.deepcopy(raw) for raw in self.objects[kind].values()]
            for start in range(0, len(items), self.page_size):
                yield Batch(News.LISTED, items[start : start + self.page_size])
            yield Batch(News.COMPLETE, [])
            while self.watches_hold and (batch := await mine[1].get()) is not None:
                yield batch
            raise Unavailable(f"The watch of {FOLLOWED[kind]} broke.")
        finally:
            if mine in self._followers:
                self._followers.remove(mine)

    def acting_as(self, token: str | None) -> FakeActor:
        self._answer()
        return FakeActor(self.objects, self.writes, token)

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The API server does not answer.")


def _place(raw: Json) -> tuple[str, str]:
    return raw["metadata"].get("namespace", ""), raw["metadata"]["name"]

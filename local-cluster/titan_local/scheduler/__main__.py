"""``python -m titan_local.scheduler``: watch pods and nodes, bind the one to the other.

Higher priority first, then first in, first out; a pod that fits nowhere keeps no other waiting.
"""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aiohttp

from titan_local.kube import Kube, KubeError
from titan_local.scheduler.placement import NodeView, Placement, choose_node, pod_requests

Json = dict[str, Any]

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
PARALLEL_BINDINGS = 16


class Scheduler:
    """Keeps the pods and nodes in memory and decides whenever something changed."""

    def __init__(self, kube: Kube) -> None:
        self._kube = kube
        self._pods: dict[str, Json] = {}
        self._nodes: dict[str, Json] = {}
        self._priorities: dict[str, int] = {}
        self._assumed: dict[str, str] = {}
        """Node by pod uid, for bindings that the watch has not shown yet."""
        self._said: dict[str, str] = {}
        """The last message about each unschedulable pod: said once."""
        self._changed = asyncio.Event()
        self._parallel = asyncio.Semaphore(PARALLEL_BINDINGS)

    async def run(self) -> None:
        """Schedule for ever."""
        synced = [asyncio.Event() for _ in range(3)]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._kube.follow("/api/v1/pods", self._on_pod, synced=synced[0]))
            tasks.create_task(self._kube.follow("/api/v1/nodes", self._on_node, synced=synced[1]))
            path = "/apis/scheduling.k8s.io/v1/priorityclasses"
            tasks.create_task(self._kube.follow(path, self._on_priority, synced=synced[2]))
            for event in synced:
                await event.wait()
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), RETRY_SECONDS)
                self._changed.clear()
                await asyncio.gather(*self._decide())

    def _on_pod(self, kind: str, pod: Json) -> None:
        uid = pod["metadata"]["uid"]
        if kind == "DELETED":
            for memory in (self._pods, self._assumed, self._said):
                memory.pop(uid, None)
        else:
            self._pods[uid] = pod
            if pod["spec"].get("nodeName"):
                self._assumed.pop(uid, None)
        self._changed.set()

    def _on_node(self, kind: str, node: Json) -> None:
        if kind == "DELETED":
            self._nodes.pop(node["metadata"]["name"], None)
        else:
            self._nodes[node["metadata"]["name"]] = node
        self._changed.set()

    def _on_priority(self, _: str, priority_class: Json) -> None:
        self._priorities[priority_class["metadata"]["name"]] = priority_class["value"]

    def _decide(self) -> list[Any]:
        """Assume a node for each waiting pod that fits; the bindings are then sent in parallel."""
        waiting = [pod for uid, pod in self._pods.items() if self._is_waiting(pod) and uid not in self._assumed]
        if not waiting:
            return []
        waiting.sort(key=self._order)
        views = self._views()
        work = []
        for pod in waiting:
            verdict = choose_node(pod, views.values())
            uid = pod["metadata"]["uid"]
            if isinstance(verdict, Placement):
                self._assumed[uid] = verdict.node
                self._said.pop(uid, None)
                views[verdict.node] = _with_pod(views[verdict.node], pod)
                work.append(self._bind(pod, verdict.node))
            elif self._said.get(uid) != verdict.message:
                self._said[uid] = verdict.message
                work.append(self._explain(pod, verdict.message))
        return work

    def _is_waiting(self, pod: Json) -> bool:
        spec, metadata = pod["spec"], pod["metadata"]
        is_ours = spec.get("schedulerName", "default-scheduler") == "default-scheduler"
        return is_ours and not spec.get("nodeName") and not metadata.get("deletionTimestamp")

    def _order(self, pod: Json) -> tuple[int, str, int]:
        priority = self._priorities.get(pod["spec"].get("priorityClassName", ""), 0)
        return -priority, pod["metadata"]["creationTimestamp"], int(pod["metadata"]["resourceVersion"])

    def _views(self) -> dict[str, NodeView]:
        views = {name: NodeView(node) for name, node in self._nodes.items()}
        for uid, pod in self._pods.items():
            node = pod["spec"].get("nodeName") or self._assumed.get(uid)
            if node in views and pod["status"].get("phase") not in ("Succeeded", "Failed"):
                views[node] = _with_pod(views[node], pod)
        return views

    async def _bind(self, pod: Json, node: str) -> None:
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        body = {"metadata": {"name": metadata["name"]}, "target": {"kind": "Node", "name": node}}
        try:
            async with self._parallel:
                await self._kube.post(f"{path}/binding", body)
        except (KubeError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("cannot bind %s: %s", metadata["name"], error)
            self._assumed.pop(metadata["uid"], None)

    async def _explain(self, pod: Json, message: str) -> None:
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        condition = {
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": message,
            "lastTransitionTime": now,
        }
        involved = {
            "kind": "Pod",
            "apiVersion": "v1",
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
        }
        event = {
            "metadata": {"generateName": f"{metadata['name'][:50]}-"},
            "involvedObject": involved,
            "type": "Warning",
            "reason": "FailedScheduling",
            "message": message,
            "source": {"component": "default-scheduler"},
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        try:
            await self._kube.patch(f"{path}/pods/{metadata['name']}/status", {"status": {"conditions": [condition]}})
            await self._kube.post(f"{path}/events", event)
        except (KubeError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("cannot say that %s is unschedulable: %s", metadata["name"], error)
            self._said.pop(metadata["uid"], None)


def _with_pod(view: NodeView, pod: Json) -> NodeView:
    used: dict[str, Decimal] = dict(view.used)
    for name, amount in pod_requests(pod).items():
        used[name] = used.get(name, Decimal(0)) + amount
    return NodeView(view.node, used, (*view.pods, pod))


async def _main() -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    with suppress(asyncio.CancelledError):
        async with Kube() as kube:
            await Scheduler(kube).run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(_main())
    sys.exit(0)

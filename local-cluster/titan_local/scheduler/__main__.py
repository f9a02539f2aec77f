"""``python -m titan_local.scheduler``: watch pods and nodes, bind the one to the other."""

import asyncio
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_kube.client import Client
from titan_kube.errors import APIError
from titan_kube.informer import Handler, inform
from titan_local.processes import run_until_told
from titan_local.scheduler.backlog import OWN_NAME, Backlog, Binding, Refusal

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
PARALLEL_WRITES = 16


class Scheduler:
    """Decides whenever something changed, and carries the decisions out in parallel."""

    def __init__(self, kube: Client) -> None:
        self._kube = kube
        self._backlog = Backlog()
        self._changed = asyncio.Event()
        self._parallel = asyncio.Semaphore(PARALLEL_WRITES)

    async def run(self) -> None:
        """Schedule for ever; nothing is decided before everything was listed once."""
        watched = {
            "/api/v1/pods": self._backlog.observe_pod,
            "/api/v1/nodes": self._backlog.observe_node,
            "/apis/scheduling.k8s.io/v1/priorityclasses": self._backlog.observe_priority,
        }
        synced = {path: asyncio.Event() for path in watched}
        async with asyncio.TaskGroup() as tasks:
            for path, observe in watched.items():
                tasks.create_task(inform(self._kube, path, self._waking(observe), synced=synced[path]))
            for event in synced.values():
                await event.wait()
            while True:
                for decision in self._backlog.decide():
                    tasks.create_task(self._execute(decision))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), RETRY_SECONDS)
                self._changed.clear()

    def _waking(self, observe: Handler) -> Handler:
        def handle(kind: str, obj: Json) -> None:
            observe(kind, obj)
            self._changed.set()

        return handle

    async def _execute(self, decision: Binding | Refusal) -> None:
        try:
            async with self._parallel:
                await (self._bind(decision) if isinstance(decision, Binding) else self._explain(decision))
        except APIError as error:
            # Decided anew after RETRY_SECONDS at the latest, if the pod still waits then.
            log.warning("cannot write about %s: %r", decision.pod["metadata"]["name"], error)
            self._backlog.undo(decision)

    async def _bind(self, binding: Binding) -> None:
        metadata = binding.pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/binding"
        target = {"apiVersion": "v1", "kind": "Node", "name": binding.node}
        own = {"name": metadata["name"], "uid": metadata["uid"]}
        await self._kube.create(path, {"apiVersion": "v1", "kind": "Binding", "metadata": own, "target": target})

    async def _explain(self, refusal: Refusal) -> None:
        """As the real scheduler does: a condition of the pod and an Event."""
        metadata = refusal.pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}"
        now = format_second(datetime.now(UTC))
        condition = _condition(refusal.message, now)
        body = {"metadata": {"uid": metadata["uid"]}, "status": {"conditions": [condition]}}
        await self._kube.patch(f"{path}/pods/{metadata['name']}/status", body)
        await self._kube.create(f"{path}/events", _event(metadata, refusal.message, now))


def _condition(message: str, now: str) -> Json:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    return condition | {"message": message, "lastTransitionTime": now}


def _event(pod: Json, message: str, now: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{pod['name'][:50]}-"},
        "involvedObject": {
            "kind": "Pod",
            "apiVersion": "v1",
            "name": pod["name"],
            "namespace": pod["namespace"],
            "uid": pod["uid"],
        },
        "type": "Warning",
        "reason": "FailedScheduling",
        "message": message,
        "source": {"component": OWN_NAME},
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }


if __name__ == "__main__":
    run_until_told(lambda kube: Scheduler(kube).run())
    sys.exit(0)

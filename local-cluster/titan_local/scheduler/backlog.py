"""The pods that wait and the capacity that is left: decides, but does nothing.

Higher priority first, then first in, first out; a pod that fits on no node does not hold up others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from titan_api.json_types import Json
from titan_local.scheduler.placement import NodeView, Placement, choose_node, pod_requests

OWN_NAME = "default-scheduler"


@dataclass(frozen=True)
class Binding:
    """The pod goes to the node."""

    pod: Json
    node: str


@dataclass(frozen=True)
class Refusal:
    """The pod fits on no node; the reason is new."""

    pod: Json
    message: str


class Backlog:
    """Pods, nodes and priorities as the watches show them, and what was decided since."""

    def __init__(self) -> None:
        self._pods: dict[str, Json] = {}
        self._nodes: dict[str, Json] = {}
        self._priorities: dict[str, int] = {}
        self._requests: dict[str, Mapping[str, Decimal]] = {}
        self._arrivals: dict[str, int] = {}
        """resourceVersion at which a pod was first seen: creation times have whole seconds only."""
        self._assumed: dict[str, str] = {}
        """Node by pod uid, for bindings that the watch has not shown yet."""
        self._said: dict[str, str] = {}
        """The last message about each pod that fits on no node, so that it is reported once."""

    def observe_pod(self, kind: str, pod: Json) -> None:
        """One event of the watch."""
        uid = pod["metadata"]["uid"]
        if kind == "DELETED":
            for memory in (self._pods, self._requests, self._arrivals, self._assumed, self._said):
                memory.pop(uid, None)
            return
        self._pods[uid] = pod
        if uid not in self._requests:
            self._requests[uid] = pod_requests(pod)
            self._arrivals[uid] = int(pod["metadata"]["resourceVersion"])
        if pod["spec"].get("nodeName"):
            self._assumed.pop(uid, None)

    def observe_node(self, kind: str, node: Json) -> None:
        """One event of the watch."""
        if kind == "DELETED":
            self._nodes.pop(node["metadata"]["name"], None)
        else:
            self._nodes[node["metadata"]["name"]] = node

    def observe_priority(self, _: str, priority_class: Json) -> None:
        """One event of the watch."""
        self._priorities[priority_class["metadata"]["name"]] = priority_class["value"]

    def decide(self) -> list[Binding | Refusal]:
        """What is to be done now. A decided binding counts as done until ``undo``."""
        waiting = sorted((pod for uid, pod in self._pods.items() if self._is_waiting(uid, pod)), key=self._order)
        views = self._views() if waiting else {}
        decisions: list[Binding | Refusal] = []
        refused: dict[str, str] = {}
        for pod in waiting:
            # What one pod was refused for holds for every later pod of its shape: room only shrinks meanwhile.
            shape = _shape(pod)
            verdict = refused.get(shape) or choose_node(pod, views.values())
            if isinstance(verdict, Placement):
                decisions.append(self._bind(pod, verdict.node))
                views[verdict.node] = self._with(views[verdict.node], pod)
                continue
            message = refused[shape] = verdict if isinstance(verdict, str) else verdict.message
            uid = pod["metadata"]["uid"]
            if self._said.get(uid) != message:
                self._said[uid] = message
                decisions.append(Refusal(pod, message))
        return decisions

    def undo(self, decision: Binding | Refusal) -> None:
        """The binding failed; the pod will be decided again."""
        uid = decision.pod["metadata"]["uid"]
        (self._assumed if isinstance(decision, Binding) else self._said).pop(uid, None)

    def _bind(self, pod: Json, node: str) -> Binding:
        uid = pod["metadata"]["uid"]
        self._assumed[uid] = node
        self._said.pop(uid, None)
        return Binding(pod, node)

    def _is_waiting(self, uid: str, pod: Json) -> bool:
        spec = pod["spec"]
        is_ours = spec.get("schedulerName", OWN_NAME) == OWN_NAME
        is_placed = spec.get("nodeName") or uid in self._assumed
        return is_ours and not is_placed and not pod["metadata"].get("deletionTimestamp") and not _has_ended(pod)

    def _order(self, pod: Json) -> tuple[int, str, int]:
        priority = self._priorities.get(pod["spec"].get("priorityClassName", ""), 0)
        return -priority, pod["metadata"]["creationTimestamp"], self._arrivals[pod["metadata"]["uid"]]

    def _views(self) -> dict[str, NodeView]:
        placed: dict[str, list[Json]] = {name: [] for name in self._nodes}
        used: dict[str, dict[str, Decimal]] = {name: {} for name in self._nodes}
        for uid, pod in self._pods.items():
            node = pod["spec"].get("nodeName") or self._assumed.get(uid)
            if node in placed and not _has_ended(pod):
                placed[node].append(pod)
                for name, amount in self._requests[uid].items():
                    used[node][name] = used[node].get(name, Decimal(0)) + amount
        return {name: NodeView(node, used[name], tuple(placed[name])) for name, node in self._nodes.items()}

    def _with(self, view: NodeView, pod: Json) -> NodeView:
        used = dict(view.used)
        for name, amount in self._requests[pod["metadata"]["uid"]].items():
            used[name] = used.get(name, Decimal(0)) + amount
        return NodeView(view.node, used, (*view.pods, pod))


def _has_ended(pod: Json) -> bool:
    return pod["status"].get("phase") in ("Succeeded", "Failed")


def _shape(pod: Json) -> str:
    """Everything about a pod that decides where it fits."""
    spec, metadata = pod["spec"], pod["metadata"]
    parts = [spec.get(field) for field in ("nodeSelector", "affinity", "tolerations")]
    return json.dumps([metadata["namespace"], parts, [c.get("resources") for c in spec["containers"]]], sort_keys=True)

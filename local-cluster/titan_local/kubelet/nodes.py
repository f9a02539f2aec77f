"""The simulated nodes: what they offer, and their registration and heartbeat."""

import asyncio
import json
import logging
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from titan_local.kube import Kube, KubeError

Json = dict[str, Any]

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0


@dataclass(frozen=True)
class SimulatedNode:
    """One node; nothing is enforced but the accounting of what pods ask for."""

    name: str
    capacity: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)


def default_nodes() -> list[SimulatedNode]:
    """Two ordinary nodes, one with a GPU, one with much memory; CPUs are generous, since they are only counted."""
    ordinary = {"cpu": "64", "memory": "256Gi", "pods": "500", "ephemeral-storage": "100Gi"}
    return [
        SimulatedNode("titan-cpu-1", ordinary),
        SimulatedNode("titan-cpu-2", ordinary),
        SimulatedNode("titan-gpu-1", ordinary | {"nvidia.com/gpu": "1"}),
        SimulatedNode("titan-highmem-1", ordinary | {"memory": "2Ti"}, {"capability.titan.io/HIGH_MEM": "true"}),
    ]


def read_nodes(path: Path) -> list[SimulatedNode]:
    """The nodes of a JSON file, written with the defaults if it does not exist."""
    if not path.exists():
        path.write_text(json.dumps([asdict(node) for node in default_nodes()], indent=1))
    return [SimulatedNode(**node) for node in json.loads(path.read_text())]


async def keep_registered(kube: Kube, nodes: list[SimulatedNode], log_port: int) -> None:
    """Register the nodes and renew their heartbeat for ever."""
    while True:
        try:
            for node in nodes:
                await _register(kube, node, log_port)
        except (KubeError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("the nodes cannot be registered: %r", error)
            await asyncio.sleep(0.5)
            continue
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _register(kube: Kube, node: SimulatedNode, log_port: int) -> None:
    path = f"/api/v1/nodes/{node.name}"
    try:
        await kube.patch(f"{path}/status", {"status": _status(node, log_port)})
    except KubeError as error:
        if error.code != 404:
            raise
        labels = {"kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux", **node.labels}
        await kube.post("/api/v1/nodes", {"metadata": {"name": node.name, "labels": labels}})
        await kube.patch(f"{path}/status", {"status": _status(node, log_port)})


def _status(node: SimulatedNode, log_port: int) -> Json:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "", "lastHeartbeatTime": now}
    return {
        "capacity": node.capacity,
        "allocatable": node.capacity,
        "conditions": [ready],
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": node.name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": log_port}},
        "nodeInfo": {"kubeletVersion": "titan-local", "operatingSystem": os.uname().sysname.lower()},
    }

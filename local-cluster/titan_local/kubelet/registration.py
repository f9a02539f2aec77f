"""The nodes in the API server: registered once, their heartbeat renewed for ever."""

import asyncio
import logging
import os
from datetime import UTC, datetime

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_kube.client import Client
from titan_kube.errors import APIError, NotFound
from titan_local.nodes import SimulatedNode

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0
RETRY_SECONDS = 0.1


async def keep_registered(kube: Client, nodes: list[SimulatedNode], log_port: int) -> None:
    """Register the nodes and renew their heartbeat for ever."""
    while True:
        try:
            await asyncio.gather(*(_register(kube, node, log_port) for node in nodes))
        except APIError as error:
            log.info("the nodes cannot be registered: %r", error)
            await asyncio.sleep(RETRY_SECONDS)
            continue
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _register(kube: Client, node: SimulatedNode, log_port: int) -> None:
    path = f"/api/v1/nodes/{node.name}"
    try:
        await kube.patch(f"{path}/status", {"status": _status(node, log_port)})
    except NotFound:
        labels = {"kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux", **node.labels}
        await kube.create("/api/v1/nodes", {"metadata": {"name": node.name, "labels": labels}})
        await kube.patch(f"{path}/status", {"status": _status(node, log_port)})


def _status(node: SimulatedNode, log_port: int) -> Json:
    now = format_second(datetime.now(UTC))
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "", "lastHeartbeatTime": now}
    return {
        "capacity": node.capacity,
        "allocatable": node.capacity,
        "conditions": [ready],
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": node.name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": log_port}},
        "nodeInfo": {"kubeletVersion": "titan-local", "operatingSystem": os.uname().sysname.lower()},
    }

"""The simulated nodes and what each offers. Only the accounting of pods' requests is enforced."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from titan_local.files import write_atomically


class NodesError(Exception):
    """The file describes no nodes; the message says where and why."""


@dataclass(frozen=True)
class SimulatedNode:
    """One node."""

    name: str
    capacity: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)


def default_nodes() -> list[SimulatedNode]:
    """Two ordinary nodes, one with a GPU, one with much memory."""
    ordinary = {"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "100Gi"}
    return [
        SimulatedNode("titan-1", ordinary),
        SimulatedNode("titan-2", ordinary),
        SimulatedNode("titan-gpu", ordinary | {"nvidia.com/gpu": "1"}),
        SimulatedNode("titan-highmem", ordinary | {"memory": "256Gi"}, {"capability.titan.io/HIGH_MEM": "true"}),
    ]


def read_nodes(path: Path) -> list[SimulatedNode]:
    """The nodes of a JSON file: a list of {name, capacity, labels}. Raises NodesError, OSError."""
    try:
        nodes = [SimulatedNode(**node) for node in json.loads(path.read_text())]
    except (ValueError, TypeError) as error:
        raise NodesError(f"{path} is not a list of nodes with name, capacity and labels: {error}") from error
    if not nodes or len({node.name for node in nodes}) < len(nodes):
        raise NodesError(f"{path} must list at least one node, and each name only once")
    return nodes


def write_nodes(path: Path, nodes: Iterable[SimulatedNode]) -> None:
    """Write such a file."""
    write_atomically(path, json.dumps([asdict(node) for node in nodes], indent=1))

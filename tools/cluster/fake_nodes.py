"""Nodes that only pretend, played by kwok beside the real one, for tests of where pods go."""

from pathlib import Path
from typing import Any

from tools.cluster.layouts import GPUS, Layout
from tools.cluster.programs import apply, ask

STAGES = Path(__file__).with_name("fake-nodes.yaml")
TAINT = "kwok.x-k8s.io/node"


def fake_node(number: int) -> dict[str, Any]:
    """A big node with GPUs. Only pods that tolerate its taint come, as nothing really runs there."""
    name = f"fake-{number}"
    resources = {"cpu": "64", "memory": "512Gi", "pods": "500", "nvidia.com/gpu": str(GPUS)}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {TAINT: "fake"},
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "type": "kwok"},
        },
        "spec": {"taints": [{"key": TAINT, "value": "fake", "effect": "NoSchedule"}]},
        "status": {"capacity": resources, "allocatable": resources},
    }


def has_fake_nodes(layout: Layout) -> bool:
    """Whether there are any, and thus a kwok that plays them."""
    return ask(layout, "get", "node", "fake-1")


def add_fake_nodes(layout: Layout, count: int) -> None:
    """Registers those that do not exist; kwok makes them ready."""
    if count:
        apply(layout, [fake_node(number) for number in range(1, count + 1)])


def write_kwok_configuration(layout: Layout) -> None:
    """Puts the stages where kwok reads them."""
    (layout.state / "kwok.yaml").write_text(STAGES.read_text())

"""The states of a graph's nodes: one pass over the jobs, because it is made for every look at the graph. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from titan_store.views.graph.shapes import Shape

PHASES = ("Failed", "Running", "Serving", "Pending", "Cancelled", "Succeeded")
"""That of a fold is the first of these that one of its jobs has."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """How the jobs of a node are."""

    phase: str
    counts: dict[str, int]
    """By phase, in lower case; phases without jobs are absent."""


def find_states(shape: Shape, phases: Sequence[str]) -> list[NodeState]:
    """The state of each node; ``phases`` are those of the jobs in the order of their creation."""
    counts: list[dict[str, int]] = [{} for _ in shape.nodes]
    for node, phase in zip(shape.where, phases, strict=True):
        count = counts[node]
        count[phase] = count.get(phase, 0) + 1
    return [_judge(count) for count in counts]


def _judge(count: dict[str, int]) -> NodeState:
    phase = next((phase for phase in PHASES if phase in count), "Pending")
    return NodeState(phase, {name.lower(): number for name, number in count.items()})

"""The nodes and edges that a viewer sees: the folded graph of a DAG, with some folds opened.

Pure but for a small memory: what a DAG's graph looks like depends on its set of jobs alone, whose parents never change.
So it is computed once for each set (``graphs``), and what changes all the time is laid on it afterwards (``states``).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from titan_store.views.graph.foldings import MOST_OPENED, Fold, Part, places_of
from titan_store.views.graph.reductions import MOST_NODES, reduce_graph
from titan_store.views.graph.topologies import JobShape, Topology, lay_out

MOST_SHOWN = 2000
"""Beyond so many nodes no more folds are opened."""
REMEMBERED = 16
"""So many ways of opening a graph are kept."""


@dataclass(frozen=True, slots=True)
class ShownNode:
    """A node that is seen."""

    id: str
    part: Part
    parents: tuple[int, ...]
    """Places of other nodes."""
    group: str | None
    """The opened fold that it is a direct member of."""


@dataclass(frozen=True)
class Shape:
    """What is seen of a graph, without states."""

    digest: str
    """Of nodes and edges."""
    nodes: tuple[ShownNode, ...]
    where: tuple[int, ...]
    """Of each job: the node in which it is seen."""


class FoldedGraph:
    """A DAG's jobs, folded."""

    def __init__(self, jobs: Sequence[JobShape], most: int = MOST_NODES) -> None:
        self._topology: Topology = lay_out(jobs)
        self._parts = reduce_graph(self._topology, most)
        self._shapes: OrderedDict[frozenset[str], Shape] = OrderedDict()

    def members(self, fold_id: str) -> tuple[int, ...]:
        """The places of all jobs in a fold; none if there is no such fold (any more)."""
        pending = [part for part in self._parts if isinstance(part, Fold)]
        while pending:
            fold = pending.pop()
            if fold.id == fold_id:
                return fold.places
            pending += [part for part in fold.parts if isinstance(part, Fold)]
        return ()

    def shape(self, opened: frozenset[str]) -> Shape:
        """What is seen with some folds opened; ids that are none (any more) count for nothing."""
        known = self._shapes.pop(opened, None) or self._make(opened)
        self._shapes[opened] = known
        while len(self._shapes) > REMEMBERED:
            self._shapes.popitem(last=False)
        return known

    def _make(self, opened: frozenset[str]) -> Shape:
        seen = list(self._expand(opened))
        where = [0] * len(self._topology.names)
        for node, (part, _) in enumerate(seen):
            for place in places_of(part):
                where[place] = node
        before: list[set[int]] = [set() for _ in seen]
        for place, parents in enumerate(self._topology.parents):
            before[where[place]].update(where[parent] for parent in parents)
        nodes = tuple(
            ShownNode(self._name(part), part, tuple(sorted(before[node] - {node})), group)
            for node, (part, group) in enumerate(seen)
        )
        return Shape(_digest(nodes), nodes, tuple(where))

    def _expand(self, opened: frozenset[str]) -> Iterator[tuple[Part, str | None]]:
        """The folded nodes with the opened ones replaced by their direct members, which may be opened too."""
        room = MOST_SHOWN - len(self._parts)
        pending: list[tuple[Part, str | None]] = [(part, None) for part in reversed(self._parts)]
        while pending:
            part, group = pending.pop()
            if isinstance(part, Fold) and part.id in opened and opens(part) and len(part.parts) <= room:
                room -= len(part.parts)
                pending += [(member, part.id) for member in reversed(part.parts)]
            else:
                yield part, group

    def _name(self, part: Part) -> str:
        return part.id if isinstance(part, Fold) else f"job:{self._topology.names[part]}"


def opens(fold: Fold) -> bool:
    """Whether it can be opened in the graph."""
    return len(fold.parts) <= MOST_OPENED


def _digest(nodes: Sequence[ShownNode]) -> str:
    lines = (f"{node.id}\n{node.parents}\n{node.group}" for node in nodes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

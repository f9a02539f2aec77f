"""Folding a graph of thousands of jobs into few nodes that a person can look at.

Pure. Wide fan-outs always fold, because a thousand equal lines tell no more than their number. Only where too many
nodes remain chains fold, and what runs beside each other, again and again; and what resists that is cut into bands of
levels, so every graph ends small. Each step keeps the graph acyclic: its members have either the same neighbours, or
only one another, or the same level.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from titan_store.views.graph.foldings import BAND, CHAIN, FAN_OUT, Fold, Kind, Part, first_of, make_fold
from titan_store.views.graph.topologies import Topology, find_children

MOST_NODES = 250
WIDE = 10
"""From so many on jobs with the same neighbours fold in any graph."""
ROUNDS = 12
"""Deeper nesting would help nobody, and would cost a pass over the graph each."""


@dataclass(frozen=True)
class _Net:
    """Nodes and their edges."""

    parts: list[Part]
    parents: list[frozenset[int]]

    def __len__(self) -> int:
        return len(self.parts)


def reduce_graph(topology: Topology, most: int = MOST_NODES) -> tuple[Part, ...]:
    """The nodes of a graph, by their first jobs: each job is in exactly one, and there are at most so many."""
    names = topology.names
    net = _fold_equals(_Net(list(range(len(names))), list(topology.parents)), names, WIDE)
    for width in (WIDE, 2):
        for _ in range(ROUNDS):
            if len(net) <= most:
                break
            before = len(net)
            net = _fold_equals(_fold_chains(net, names), names, width)
            if len(net) == before:
                break
    if len(net) > most:
        net = _fold_levels(net, names, most)
    return tuple(sorted(net.parts, key=first_of))


def _fold_equals(net: _Net, names: Sequence[str], width: int) -> _Net:
    """What has the same parents and the same children; jobs with jobs and folds with folds, as long as there is room."""
    children = find_children(net.parents)
    groups: dict[tuple[frozenset[int], frozenset[int], str], list[int]] = {}
    for node, (part, parents) in enumerate(zip(net.parts, net.parents, strict=True)):
        kind = part.kind if isinstance(part, Fold) and width == WIDE else ""
        groups.setdefault((parents, frozenset(children[node]), kind), []).append(node)
    return _merge(net, names, FAN_OUT, (group for group in groups.values() if len(group) >= width))


def _fold_chains(net: _Net, names: Sequence[str]) -> _Net:
    """What comes one after the other, with nothing beside it."""
    children = find_children(net.parents)
    following: dict[int, int] = {}
    for node, parents in enumerate(net.parents):
        if len(parents) == 1:
            (parent,) = parents
            if len(children[parent]) == 1:
                following[parent] = node
    inner = set(following.values())
    chains = []
    for begin in following.keys() - inner:
        chain = [begin]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        chains.append(chain)
    return _merge(net, names, CHAIN, chains)


def _fold_levels(net: _Net, names: Sequence[str], most: int) -> _Net:
    """The widest levels as one node each; if there are too many levels, several of them as one."""
    levels = _find_levels(net)
    rows: list[list[int]] = [[] for _ in range(max(levels) + 1)]
    for node, level in enumerate(levels):
        rows[level].append(node)
    step = -(-len(rows) // most)
    bands = [[node for row in rows[begin : begin + step] for node in row] for begin in range(0, len(rows), step)]
    widest = _widest_to_keep([len(band) for band in bands], most)
    wide = {place * step: band for place, band in enumerate(bands) if len(band) > widest}

    def describe(begin: int) -> str:
        end = min(begin + step, len(rows))
        return f"level {begin + 1}" if end - begin == 1 else f"levels {begin + 1}–{end}"

    labels = {band[0]: describe(begin) for begin, band in wide.items()}
    return _merge(net, names, BAND, wide.values(), lambda group: labels[group[0]])


def _widest_to_keep(widths: Sequence[int], most: int) -> int:
    """Bands up to this width stay open: the greatest for which all fit."""
    total, kept = len(widths), 1
    ordered = sorted(widths)
    for place, width in enumerate(ordered):
        total += width - 1
        if total > most:
            return kept
        if place + 1 == len(ordered) or ordered[place + 1] > width:
            kept = width
    return kept


def _find_levels(net: _Net) -> list[int]:
    """Of each node the length of the longest way to it."""
    children = find_children(net.parents)
    missing = [len(parents) for parents in net.parents]
    levels = [0] * len(net)
    ready = [node for node, count in enumerate(missing) if not count]
    for node in ready:
        for child in children[node]:
            levels[child] = max(levels[child], levels[node] + 1)
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    return levels


def _merge(
    net: _Net,
    names: Sequence[str],
    kind: Kind,
    groups: Iterable[Sequence[int]],
    describe: Callable[[Sequence[int]], str] | None = None,
) -> _Net:
    """The graph with each group as one node in the place of its first member."""
    heads = list(range(len(net)))
    folded: dict[int, Part] = {}
    for group in groups:
        head = min(group)
        members = [net.parts[node] for node in group]
        folded[head] = make_fold(kind, members, names, describe(group) if describe else None)
        for node in group:
            heads[node] = head
    if not folded:
        return net
    kept = [node for node, head in enumerate(heads) if node == head]
    places = {node: place for place, node in enumerate(kept)}
    parents: list[set[int]] = [set() for _ in kept]
    for node, before in enumerate(net.parents):
        parents[places[heads[node]]].update(places[heads[parent]] for parent in before)
    return _Net(
        [folded.get(node, net.parts[node]) for node in kept],
        [frozenset(before - {place}) for place, before in enumerate(parents)],
    )

"""The graphs that somebody looked at lately: folded once, in a thread, and written once, for all who ask meanwhile."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

from titan_store.views.cached.records import JobRecord
from titan_store.views.graph.shapes import FoldedGraph
from titan_store.views.graph.topologies import JobShape

REMEMBERED = 16


class Graphs:
    """Made once per cache. A job's parents never change, so a graph is known by the uids of its jobs."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[tuple[str, ...], asyncio.Task[FoldedGraph]]] = OrderedDict()
        self._written: OrderedDict[tuple[str, frozenset[str]], tuple[Sequence[JobRecord], bytes]] = OrderedDict()

    async def of(self, dag: str, jobs: Sequence[JobRecord]) -> FoldedGraph:
        """The graph of a DAG (its uid) with these jobs, in the order of their creation."""
        uids = tuple([job.uid for job in jobs])
        known = self._known.get(dag)
        if known is None or known[0] != uids:
            shapes = [JobShape(job.job_id, job.parents) for job in jobs]
            known = uids, asyncio.create_task(asyncio.to_thread(FoldedGraph, shapes), name="graph")
            self._known[dag] = known
        self._known.move_to_end(dag)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        # Whoever gives up waiting must not spoil it for the others.
        return await asyncio.shield(known[1])

    def write(self, dag: str, opened: frozenset[str], jobs: Sequence[JobRecord], render: Callable[[], bytes]) -> bytes:
        """What was rendered of a DAG with these folds opened; anew only if one of its jobs is another since then.

        Comparing costs little, for records that have not changed are the same objects.
        """
        known = self._written.pop((dag, opened), None)
        if known is None or known[0] != jobs:
            known = jobs, render()
        self._written[dag, opened] = known
        while len(self._written) > REMEMBERED:
            self._written.popitem(last=False)
        return known[1]

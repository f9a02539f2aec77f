"""The graph of dependencies: how many parents of each job are not done, updated by each event in steps of one.

A *place* is what a parent reference names: a jobID of the same DAG, or the uid of a TitanJob of an earlier one. When
the job at a place changes its standing, its children's counters move, and only those are woken that can go on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from titan_api.parents import STOPPING, Standing, judge
from titan_operator.records import JobRecord, Key, ParentRef

Place = tuple[str, ...]


@dataclass(slots=True)
class ParentCounts:
    """The parents of one job, counted by their standing."""

    places: dict[Place, ParentRef]
    unmet: int = 0
    absent: dict[Place, None] = field(default_factory=dict)
    culprits: dict[Place, Standing] = field(default_factory=dict)
    gated: dict[Place, None] = field(default_factory=dict)
    """Parents that wait for people only; they count as unmet."""
    latest: datetime | None = None
    """Completion of the parent that was done last."""


@dataclass(slots=True)
class _Node:
    """A job, or its absence, as a parent."""

    standing: Standing = Standing.ABSENT
    holders: dict[Key, JobRecord] = field(default_factory=dict)
    """The jobs at this place; two only in a graph that will be refused."""
    children: dict[Key, None] = field(default_factory=dict)


class Dependencies:
    """The parents and children of every job, over all DAGs."""

    def __init__(
        self, find_by_uid: Callable[[str], JobRecord | None], awaits_rerun: Callable[[JobRecord], bool]
    ) -> None:
        self._find_by_uid = find_by_uid
        self._awaits_rerun = awaits_rerun
        self._nodes: dict[Place, _Node] = {}
        self._counts: dict[Key, ParentCounts] = {}

    def put(self, job: JobRecord) -> list[Key]:
        """Add or update a job; returns the children that can go on."""
        if job.key not in self._counts:
            self._enter_as_child(job)
        woken: list[Key] = []
        for place in _own_places(job):
            node = self._nodes.get(place)
            if node is None and place[0] == "id":
                node = self._nodes[place] = _Node()
            if node is not None:
                node.holders[job.key] = job
                woken += self._settle(place, node)
        return woken

    def remove(self, job: JobRecord) -> list[Key]:
        """Remove a job; returns the children that can never go on."""
        counts = self._counts.pop(job.key, None)
        for place in counts.places if counts is not None else ():
            self._nodes[place].children.pop(job.key, None)
            self._prune(place)
        woken: list[Key] = []
        for place in _own_places(job):
            node = self._nodes.get(place)
            if node is not None and node.holders.pop(job.key, None) is not None:
                woken += self._settle(place, node)
                self._prune(place)
        return woken

    def parent_counts(self, key: Key) -> ParentCounts:
        """The counters of a job; all zero for one that has no parents."""
        return self._counts.get(key) or ParentCounts({})

    def parents(self, key: Key) -> Iterable[tuple[ParentRef, JobRecord]]:
        """The parents of a job that are there: one step a parent, so ask only when the job is about to start."""
        for place, reference in self.parent_counts(key).places.items():
            holder = _representative(self._nodes[place])
            if holder is not None:
                yield reference, holder

    def __len__(self) -> int:
        """Places and counters that are remembered."""
        return len(self._nodes) + len(self._counts)

    def _enter_as_child(self, job: JobRecord) -> None:
        copied = {outcome.job_id for outcome in job.status.parent_outcomes}
        waited_for = [parent for parent in job.parents if parent.uid is None or parent.job_id not in copied]
        counts = self._counts[job.key] = ParentCounts({_place_of(job, parent): parent for parent in waited_for})
        for place in counts.places:
            node = self._nodes.get(place)
            if node is None:
                node = self._nodes[place] = _Node()
                elsewhere = self._find_by_uid(place[1]) if place[0] == "uid" else None
                if elsewhere is not None and elsewhere.key in self._counts:
                    node.holders[elsewhere.key] = elsewhere
                    node.standing = self._standing(elsewhere)
            node.children[job.key] = None
            counts.unmet += 1
            self._move(counts, place, node)

    def _settle(self, place: Place, node: _Node) -> list[Key]:
        holder = _representative(node)
        after = self._standing(holder) if holder is not None else Standing.DEPARTED
        before = node.standing
        # The expiry of a parent in an earlier DAG is harmless to children that have seen it done.
        if before is after or (place[0] == "uid" and before is Standing.DONE and after is Standing.DEPARTED):
            return []
        node.standing = after
        woken = []
        for child in node.children:
            counts = self._counts[child]
            counts.unmet += before is Standing.DONE
            self._move(counts, place, node)
            # A job that waits for people alone is woken once more, to say so.
            waits_for_people = after is Standing.GATED and len(counts.gated) == counts.unmet
            if counts.unmet == 0 or after in STOPPING or waits_for_people:
                woken.append(child)
        return woken

    def _standing(self, job: JobRecord) -> Standing:
        standing = judge(job.status.phase, job.verdict, cancelled=job.cancel)
        return Standing.WAITING if standing in STOPPING and self._awaits_rerun(job) else standing

    def _move(self, counts: ParentCounts, place: Place, node: _Node) -> None:
        """Enter a place's standing, which was counted as unmet, into a child's counters."""
        counts.absent.pop(place, None)
        counts.culprits.pop(place, None)
        counts.gated.pop(place, None)
        if node.standing is Standing.ABSENT:
            counts.absent[place] = None
        elif node.standing in STOPPING:
            counts.culprits[place] = node.standing
        elif node.standing is Standing.GATED:
            counts.gated[place] = None
        elif node.standing is Standing.DONE:
            counts.unmet -= 1
            holder = _representative(node)
            completed = holder.done if holder is not None else None
            if completed is not None:
                counts.latest = max(counts.latest, completed) if counts.latest is not None else completed

    def _prune(self, place: Place) -> None:
        node = self._nodes.get(place)
        if node is not None and not node.children and not node.holders:
            del self._nodes[place]


def _own_places(job: JobRecord) -> tuple[Place, ...]:
    by_uid = ("uid", job.meta.uid)
    if job.dag is None:
        return (by_uid,)
    return ("id", job.meta.namespace, job.dag, job.job_id), by_uid


def _place_of(job: JobRecord, parent: ParentRef) -> Place:
    if parent.uid is not None:
        return "uid", parent.uid
    return "id", job.meta.namespace, job.dag or "", parent.job_id


def _representative(node: _Node) -> JobRecord | None:
    return min(node.holders.values(), key=lambda job: job.meta.name) if node.holders else None

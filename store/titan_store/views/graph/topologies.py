"""Who comes after whom in a DAG, whatever its objects say: unknown parents, circles and double ids do no harm here.

Pure. Jobs are places 0, 1, 2, … in the order of their creation, so adding jobs renumbers nothing.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class JobShape(NamedTuple):
    """All that a graph needs to know of a job."""

    job_id: str
    parents: tuple[str, ...]
    """Ids; those that are no job of the DAG count for nothing."""


@dataclass(frozen=True)
class Topology:
    """An acyclic graph of jobs."""

    names: tuple[str, ...]
    """Of each place: the job's id, made distinct where two jobs carry the same one."""
    parents: tuple[frozenset[int], ...]
    """Of each place: the places before it."""


def lay_out(jobs: Sequence[JobShape]) -> Topology:
    """The topology of a DAG's jobs. Of each circle one edge is dropped: the one into its earliest job."""
    names = _distinct([job.job_id for job in jobs])
    places: dict[str, int] = {}
    for place, job in enumerate(jobs):
        places.setdefault(job.job_id, place)
    known = [{places[parent] for parent in job.parents if parent in places} - {place} for place, job in enumerate(jobs)]
    # Jobs beside each other have equal parents: one set for all of them.
    shared: dict[frozenset[int], frozenset[int]] = {}
    parents = [shared.setdefault(one, one) for one in map(frozenset, _without_circles(known))]
    return Topology(tuple(names), tuple(parents))


def find_children(parents: Sequence[Iterable[int]]) -> list[set[int]]:
    """The other direction."""
    children: list[set[int]] = [set() for _ in parents]
    for place, before in enumerate(parents):
        for parent in before:
            children[parent].add(place)
    return children


def _distinct(ids: Sequence[str]) -> list[str]:
    given = set(ids)
    seen: set[str] = set()
    names = []
    for job_id in ids:
        name, number = job_id, 1
        while name in seen or (number > 1 and name in given):
            number += 1
            name = f"{job_id}~{number}"
        seen.add(name)
        names.append(name)
    return names


def _without_circles(parents: list[set[int]]) -> list[set[int]]:
    """Take jobs whose parents are taken; where none is left, the earliest one is taken without those that are not."""
    children = find_children(parents)
    missing = [len(before) for before in parents]
    ready = deque(place for place, count in enumerate(missing) if not count)
    taken = [False] * len(parents)
    earliest = 0
    while True:
        while ready:
            place = ready.popleft()
            taken[place] = True
            for child in children[place]:
                missing[child] -= 1
                if not missing[child] and not taken[child]:
                    ready.append(child)
        while earliest < len(parents) and taken[earliest]:
            earliest += 1
        if earliest == len(parents):
            return parents
        dropped = {parent for parent in parents[earliest] if not taken[parent]}
        parents[earliest] -= dropped
        for parent in dropped:
            children[parent].discard(earliest)
        missing[earliest] = 0
        ready.append(earliest)

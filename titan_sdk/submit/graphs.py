"""Whether jobs form a graph that can run: checked before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from titan_api import names

Graph = Sequence[tuple[str, Sequence[str]]]
"""Each job's id with the ids of its parents."""


def link_parents(jobs: Graph, present: Graph = ()) -> dict[str, tuple[str, ...]]:
    """Each job's parents, as ``resolve_parents`` leaves them. Raises ValueError as ``check_graph``.

    ``present``: jobs that the DAG has already; the new ones take the place of their namesakes. Parents that are in
    neither may be jobs of earlier DAGs.
    """
    wanted = {job_id for job_id, _ in jobs}
    kept = [(job_id, parents) for job_id, parents in present if job_id not in wanted]
    ids = wanted | {job_id for job_id, _ in kept}
    linked = [(job_id, resolve_parents(parents, ids)) for job_id, parents in jobs]
    check_graph([(job_id, [parent for parent in parents if parent in ids]) for job_id, parents in (*kept, *linked)])
    return dict(linked)


def check_graph(parents: Graph) -> None:
    """Raise ValueError naming the ids: empty, duplicate id, self-parent, unknown parent, cycle.

    ``parents``: each job's id with the ids of its parents, as ``resolve_parents`` left them.
    """
    if not parents:
        raise ValueError("a DAG needs at least one job")
    graph: dict[str, Sequence[str]] = {}
    for job_id, its_parents in parents:
        if job_id in graph:
            raise ValueError(f"more than one job has the id {job_id!r}")
        graph[job_id] = its_parents
    for job_id, its_parents in graph.items():
        if job_id in its_parents:
            raise ValueError(f"job {job_id!r} names itself as its parent")
    for job_id, its_parents in graph.items():
        for parent in its_parents:
            if parent not in graph:
                raise ValueError(f"job {job_id!r} has the parent {parent!r}, which is no job of this DAG")
    circle = find_cycle(graph)
    if circle:
        raise ValueError(f"the parents form a circle: {' -> '.join(map(repr, circle))}")


def resolve_parents(parents: Sequence[str], ids: Collection[str]) -> tuple[str, ...]:
    """The parents by the ids that jobs really have: with or without ``DAG-`` is the same. Each once, in order."""
    return tuple(dict.fromkeys(_resolve(parent, ids) for parent in parents))


def _resolve(parent: str, ids: Collection[str]) -> str:
    plain = names.plain_job_id(parent)
    candidates = (parent, plain, names.LEGACY_ID_PREFIX + plain)
    return next((candidate for candidate in candidates if candidate in ids), plain)


def find_cycle(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """One circle with its first job repeated at the end; empty if there is none. Iterative: chains may be long."""
    done: set[str] = set()
    for root in graph:
        path: list[str] = []
        on_path: set[str] = set()
        stack = [(root, False)]
        while stack:
            job, leaving = stack.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(job)
            elif job in on_path:
                return [*path[path.index(job) :], job]
            elif job not in done:
                path.append(job)
                on_path.add(job)
                stack.append((job, True))
                stack.extend((parent, False) for parent in graph[job])
    return []

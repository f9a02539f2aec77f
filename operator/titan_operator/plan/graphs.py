"""Whether the jobs of a DAG form a graph that can run."""

from collections.abc import Mapping
from dataclasses import dataclass

from titan_api import names
from titan_operator.plan.observed import GraphView


@dataclass(frozen=True)
class Problem:
    """Why a graph cannot run, in one sentence that names the culprits."""

    reason: str
    message: str


def find_problem(graph: GraphView, *, complete: bool) -> Problem | None:
    """The first problem of a graph.

    ``complete``: every job has arrived, so a parent that is not there never will be.
    """
    if graph.duplicates:
        return Problem(names.REASON_DUPLICATE_JOB_ID, f"more than one job has the jobID {_quoted(graph.duplicates[0])}")
    for job, parents in graph.parents.items():
        if job in parents:
            return Problem(names.REASON_SELF_PARENT, f"job {_quoted(job)} names itself as its parent")
    if complete:
        for job, parents in graph.parents.items():
            for parent in parents:
                if parent not in graph.parents:
                    message = f"job {_quoted(job)} has the parent {_quoted(parent)}, which is not a job of this DAG"
                    return Problem(names.REASON_UNKNOWN_PARENT, message)
    circle = _find_cycle(graph.parents)
    if circle:
        return Problem(names.REASON_CYCLE, "the parents form a cycle: " + " -> ".join(map(_quoted, circle)))
    return None


def _find_cycle(parents: Mapping[str, tuple[str, ...]]) -> list[str]:
    """One circle, its first job repeated at the end; empty if there is none. Iterative: chains may be long."""
    done: set[str] = set()
    for root in parents:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            job, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(job)
                done.add(job)
            elif job in on_path:
                return [*path[path.index(job) :], job]
            elif job not in done and job in parents:
                path.append(job)
                on_path.add(job)
                stack.append((job, True))
                stack.extend((parent, False) for parent in parents[job])
    return []


def _quoted(job_id: str) -> str:
    return f'"{job_id[:100]}"'

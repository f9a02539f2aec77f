"""What a job waits for: jobs of its own DAG, and jobs of earlier ones.

A parent of an earlier DAG is looked up once, at submission, and from then on meant by its uid: whatever is submitted
later under the same id does not change what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from titan_sdk.submit.graphs import check_graph, resolve_parents
from titan_sdk.submit.jobs import TitanJob

Json = dict[str, Any]
Find = Callable[[str], Optional[Json]]
"""The newest TitanJob of an id, or None."""
Graph = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Parent:
    """One entry of spec.parents; name and uid are those of the TitanJob of an earlier DAG."""

    job_id: str
    name: str | None = None
    uid: str | None = None

    def reference(self) -> Json:
        """As the API server gets it."""
        elsewhere = {"name": self.name, "uid": self.uid} if self.uid is not None else {}
        return {"jobID": self.job_id} | elsewhere


def check_parents(jobs: Sequence[TitanJob], present: Graph = ()) -> list[tuple[str, ...]]:
    """Each job's parents by their ids. Raises ValueError for a graph that cannot run.

    ``present``: jobs that the DAG has already. Parents that are in neither may be jobs of earlier DAGs.
    """
    ids = {job.job_id for job in jobs} | {job_id for job_id, _ in present}
    parents = [resolve_parents(job.parents, ids) for job in jobs]
    own = [(job.job_id, [one for one in of_job if one in ids]) for job, of_job in zip(jobs, parents)]
    check_graph([*((job_id, [one for one in of_job if one in ids]) for job_id, of_job in present), *own])
    return parents


def locate_parents(
    jobs: Sequence[TitanJob], parents: Sequence[Sequence[str]], find: Find, present: Collection[str] = ()
) -> list[tuple[Parent, ...]]:
    """The parents with those of earlier DAGs pinned down. Raises ValueError for one that is nowhere, TitanError."""
    ids = {job.job_id for job in jobs} | set(present)
    found: dict[str, Parent] = {}
    for job, of_job in zip(jobs, parents):
        for parent in of_job:
            if parent not in ids and parent not in found:
                found[parent] = _pin(job.job_id, parent, find(parent))
    return [tuple(found.get(parent) or Parent(parent) for parent in of_job) for of_job in parents]


def _pin(job_id: str, parent: str, raw: Json | None) -> Parent:
    if raw is None:
        raise ValueError(f"job {job_id!r} has the parent {parent!r}, which is no job of this DAG and of no earlier one")
    return Parent(raw["spec"]["jobID"], raw["metadata"]["name"], raw["metadata"]["uid"])

"""Gathering all that may hold a job up, for ``reasons`` to judge. Who can see the cluster gives the look-ups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from titan_api.json_types import Raw
from titan_api.reasons import Situation
from titan_api.views import DagView, GateView, JobView


class Surroundings(Protocol):
    """What is around one job; None: it is not there."""

    def dag(self) -> DagView | None:
        """Its TitanDAG, with all its jobs as long as it is Pending, else with those at least that run."""

    def sibling(self, job_id: str) -> JobView | None:
        """A job of its TitanDAG."""

    def job(self, name: str) -> JobView | None:
        """Any TitanJob."""

    def gate(self, job: JobView) -> GateView | None:
        """The newest gate behind a job."""


def gather(job: JobView, references: Iterable[Raw], now: datetime, surroundings: Surroundings) -> Situation:
    """What is known about a job. ``references``: spec.parents, which alone tells who its parents of earlier DAGs are."""
    dag = surroundings.dag() if job.dag is not None else None
    parents = {reference["jobID"]: _find_parent(reference, surroundings) for reference in references}
    gated = [one for one in (job, *parents.values()) if one is not None and one.approval == "Pending"]
    return Situation(
        job=job,
        now=now,
        dag=dag,
        dag_is_missing=job.dag is not None and dag is None,
        parents=parents,
        gates={one.job_id: gate for one in gated if (gate := surroundings.gate(one)) is not None},
    )


def _find_parent(reference: Raw, surroundings: Surroundings) -> JobView | None:
    if not reference.get("uid"):
        return surroundings.sibling(reference["jobID"])
    found = surroundings.job(reference.get("name") or "")
    return found if found is not None and found.uid == reference["uid"] else None

"""Asking the API server for all that may hold a job up, for ``reasons`` to judge."""

from __future__ import annotations

from datetime import datetime, timezone

from titan_api import names
from titan_api.json_types import Json
from titan_api.reasons import Situation
from titan_api.situations import gather
from titan_api.views import DagView, GateView, JobView, view_dag, view_gate, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanNotFound
from titan_sdk.runs.gates import locate
from titan_sdk.runs.lookups import find_dag, list_jobs


def inquire(kube: Kube, raw: Json) -> Situation:
    """What is known about a TitanJob now. Raises TitanError."""
    spec = raw["spec"]
    now = datetime.now(timezone.utc)
    return gather(view_job(raw), spec.get("parents") or (), now, _Surroundings(kube, spec.get("dag")))


class _Surroundings:
    def __init__(self, kube: Kube, dag: str | None) -> None:
        self._kube = kube
        self._dag = dag
        jobs = list_jobs(kube, dag) if dag is not None else ()
        self._siblings = {one["spec"]["jobID"]: view_job(one) for one in jobs}

    def dag(self) -> DagView | None:
        found = find_dag(self._kube, self._dag) if self._dag is not None else None
        return view_dag(found, tuple(self._siblings.values())) if found is not None else None

    def sibling(self, job_id: str) -> JobView | None:
        return self._siblings.get(job_id)

    def job(self, name: str) -> JobView | None:
        try:
            return view_job(self._kube.get(names.PLURAL_JOBS, name))
        except TitanNotFound:
            return None

    def gate(self, job: JobView) -> GateView | None:
        located = locate(self._kube, job.name)
        return view_gate(located.approval) if located is not None and located.approval is not None else None

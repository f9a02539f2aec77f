"""Collecting all that may hold a job up, for ``reasons`` to judge."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from titan_api import names
from titan_api.reasons import Situation
from titan_api.views import GateView, JobView, view_dag, view_gate, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanNotFound
from titan_sdk.runs.gates import locate
from titan_sdk.runs.lookups import find_dag, list_jobs

Json = dict[str, Any]


def inquire(kube: Kube, raw: Json) -> Situation:
    """What is known about a TitanJob now. Raises TitanError."""
    job = view_job(raw)
    dag_name = raw["spec"].get("dag")
    dag = find_dag(kube, dag_name) if dag_name is not None else None
    siblings = {one["spec"]["jobID"]: one for one in list_jobs(kube, dag_name)} if dag_name is not None else {}
    parents = {
        reference["jobID"]: _find_parent(kube, reference, siblings) for reference in raw["spec"].get("parents") or ()
    }
    gated = [one for one in (raw, *parents.values()) if one is not None and view_job(one).approval == "Pending"]
    return Situation(
        job=job,
        now=datetime.now(timezone.utc),
        dag=view_dag(dag, tuple(map(view_job, siblings.values()))) if dag is not None else None,
        dag_is_missing=dag_name is not None and dag is None,
        parents={job_id: _view(parent) for job_id, parent in parents.items()},
        gates={one["spec"]["jobID"]: gate for one in gated if (gate := _find_gate(kube, one)) is not None},
    )


def _find_parent(kube: Kube, reference: Json, siblings: dict[str, Json]) -> Json | None:
    if not reference.get("uid"):
        return siblings.get(reference["jobID"])
    try:
        found = kube.get(names.PLURAL_JOBS, reference["name"])
    except TitanNotFound:
        return None
    return found if found["metadata"]["uid"] == reference["uid"] else None


def _find_gate(kube: Kube, job: Json) -> GateView | None:
    located = locate(kube, job["metadata"]["name"])
    return view_gate(located.approval) if located is not None and located.approval is not None else None


def _view(raw: Json | None) -> JobView | None:
    return None if raw is None else view_job(raw)

"""A DAG once more: what to create so that everything that was asked for is asked for again, under a new name.

Pure, so that SDK and store make the same of it. The copy starts from the beginning: it knows nothing of the runs,
cancels and suspensions of the original, nor of what people wrote on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from titan_api import names
from titan_api.json_types import Json

LEFT_BEHIND = frozenset({"cancel", "suspend", "run", "jobCount", "requestedBy", "dag"})
"""Fields of spec that speak of the original's course, or that a copy has of its own."""


def copy_dag(
    dag: Json, jobs: Sequence[Json], suffix: str, requested_by: str | None, submitted: str
) -> tuple[Json, list[Json]]:
    """The TitanDAG and the TitanJobs to create, in the order of ``jobs``.

    Parents of earlier DAGs stay the very jobs that they were. ``submitted`` is the value of ANNOTATION_SUBMITTED.
    The jobs have no owner yet, for the uid of the DAG is known only once it was created: see ``own_job``.
    Raises ValueError if a job of the original is not there any more: what is left would be another graph.
    """
    told, spec = dag["metadata"]["name"], dag["spec"]
    if not jobs:
        raise ValueError(f"the DAG {told!r} has no jobs that could be submitted again")
    if len(jobs) < spec.get("jobCount", 0):
        raise ValueError(f"the DAG {told!r} had {spec['jobCount']} jobs, of which only {len(jobs)} are still there")
    name = names.dag_name(spec["name"], suffix)
    labels = {names.LABEL_MANAGED_BY: names.MANAGED_BY}
    if spec.get("agentRunID"):
        labels[names.LABEL_AGENT_RUN] = names.label_value(spec["agentRunID"])
    # The number makes the first job wait until the last one is there, also where the original was applied without.
    fields = _asked_for(spec, requested_by) | {"jobCount": len(jobs)}
    copied = [_copy_job(job["spec"], name, requested_by, submitted) for job in jobs]
    return _object(names.KIND_DAG, name, labels, fields, submitted), copied


def own_job(job: Json, dag: Json) -> Json:
    """The TitanJob as a part of the TitanDAG that was created: deleting that then removes it too."""
    created = dag["metadata"]
    owner = {"apiVersion": names.API_VERSION, "kind": names.KIND_DAG, "name": created["name"], "uid": created["uid"]}
    return job | {"metadata": job["metadata"] | {"ownerReferences": [owner | {"controller": True}]}}


def _copy_job(spec: Json, dag: str, requested_by: str | None, submitted: str) -> Json:
    job_id = spec["jobID"]
    labels = {
        names.LABEL_MANAGED_BY: names.MANAGED_BY,
        names.LABEL_JOB_ID: names.label_value(job_id),
        names.LABEL_DAG: names.label_value(dag),
    }
    fields = _asked_for(spec, requested_by) | {"dag": dag}
    return _object(names.KIND_JOB, names.job_name(dag, job_id), labels, fields, submitted)


def _asked_for(spec: Json, requested_by: str | None) -> Json:
    kept = {field: value for field, value in spec.items() if field not in LEFT_BEHIND}
    return kept if requested_by is None else kept | {"requestedBy": requested_by}


def _object(kind: str, name: str, labels: Json, spec: Json, submitted: str) -> Json:
    metadata = {"name": name, "labels": labels, "annotations": {names.ANNOTATION_SUBMITTED: submitted}}
    return {"apiVersion": names.API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}

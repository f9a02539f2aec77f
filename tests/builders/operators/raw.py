"""Builders of raw JSON, as the SDK and the API server write it."""

from typing import Any

from titan_api import names
from titan_api.json_types import Json


def raw_dag(name: str, jobs: int | None, **spec: Any) -> Json:
    counted = {} if jobs is None else {"jobCount": jobs}
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_DAG,
        "metadata": {"name": name},
        "spec": {"name": name, "run": 1, **counted, **spec},
    }


def raw_job(
    dag: str | None, job_id: str, parents: tuple[str, ...] = (), owner_uid: str | None = None, **spec: Any
) -> Json:
    """As the SDK sends it; without an owner as kubectl does."""
    meta: Json = {"name": names.job_name(dag, job_id) if dag else f"{job_id}-alone", "labels": {}}
    if owner_uid is not None:
        meta["labels"] = {names.LABEL_MANAGED_BY: names.MANAGED_BY, names.LABEL_JOB_ID: names.label_value(job_id)}
        owner = {"apiVersion": names.API_VERSION, "kind": names.KIND_DAG, "name": dag, "uid": owner_uid}
        meta["ownerReferences"] = [owner | {"controller": True, "blockOwnerDeletion": True}]
        if dag is not None:
            meta["labels"][names.LABEL_DAG] = names.label_value(dag)
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_JOB,
        "metadata": meta,
        "spec": {
            **({"dag": dag} if dag else {}),
            "jobID": job_id,
            "source": {"inline": {"fileName": "a.py", "content": "print(1)"}},
            "parents": [{"jobID": parent} for parent in parents],
            "retry": {"limit": 3, "backoffSeconds": 1},
            **spec,
        },
    }


def stored(raw: Json, *, uid: str, version: int, namespace: str = "default", **status: Any) -> Json:
    """As the API server returns it."""
    meta = raw["metadata"] | {
        "namespace": namespace,
        "uid": uid,
        "resourceVersion": str(version),
        "generation": 1,
        "creationTimestamp": "2026-01-02T03:04:05Z",
    }
    return raw | {"metadata": meta, "status": status}


def raw_pod(job: Json, attempt: int, **status: Any) -> Json:
    """The pod of an attempt of a stored TitanJob."""
    name, uid = job["metadata"]["name"], job["metadata"]["uid"]
    owner = {"apiVersion": names.API_VERSION, "kind": names.KIND_JOB, "name": name, "uid": uid, "controller": True}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": names.pod_name(name, attempt),
            "labels": {names.LABEL_MANAGED_BY: names.MANAGED_BY, names.LABEL_ATTEMPT: str(attempt)},
            "ownerReferences": [owner],
        },
        "spec": {},
        "status": status,
    }


def raw_approval(job: Json, dag: str | None = None, **spec: Any) -> Json:
    """The gate behind a stored TitanJob."""
    subject = {"job": job["metadata"]["name"], "jobID": job["spec"]["jobID"], "uid": job["metadata"]["uid"], "round": 1}
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_APPROVAL,
        "metadata": {"name": job["metadata"]["name"]},
        "spec": {"subject": subject, "timeoutSeconds": 60, **({"dag": dag} if dag else {}), **spec},
    }

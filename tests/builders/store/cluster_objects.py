"""TitanDAGs, TitanJobs, TitanApprovals and Nodes as the API server gives them, with what a test says."""

from typing import Any

from builders.store.reviewers import NAMESPACE

from titan_api import names
from titan_api.json_types import Json


def dag_object(name: str, *, second: int = 0, namespace: str = NAMESPACE, **more: Any) -> Json:
    """A TitanDAG; ``spec``, ``status`` and ``annotations`` are laid over what every one has."""
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_DAG,
        "metadata": _metadata(name, namespace, second, more),
        "spec": {"name": name, "run": 1, "ttlSecondsAfterFinished": 604_800, **more.get("spec", {})},
        "status": {"phase": "Running", "progress": "0/1", "counts": {"pending": 1}, **more.get("status", {})},
    }


def job_object(
    job_id: str, dag: str | None = "nightly", *, second: int = 0, namespace: str = NAMESPACE, **more: Any
) -> Json:
    """A TitanJob of a DAG, or one that stands alone."""
    name = f"{dag}-{job_id}" if dag else job_id
    spec = {"jobID": job_id, "source": {"container": {"image": "busybox"}}, **({"dag": dag} if dag else {})}
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_JOB,
        "metadata": _metadata(name, namespace, second, more),
        "spec": spec | more.get("spec", {}),
        "status": {"phase": "Pending", **more.get("status", {})},
    }


def node_object(name: str, *, labels: Json | None = None, allocatable: Json | None = None, **spec: Any) -> Json:
    """A Node that is ready."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "uid": f"uid-of-{name}", "labels": labels or {}},
        "spec": spec,
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "allocatable": {"cpu": "8", "pods": "110"} if allocatable is None else allocatable,
        },
    }


def condition(kind: str, reason: str = "", message: str = "", status: str = "True") -> Json:
    """A condition of a status."""
    return {"type": kind, "status": status, "reason": reason, "message": message}


def _metadata(name: str, namespace: str, second: int, more: Json) -> Json:
    return {
        "namespace": namespace,
        "name": name,
        "uid": more.get("uid", f"uid-of-{namespace}-{name}"),
        "creationTimestamp": f"2026-01-02T03:{second // 60:02}:{second % 60:02}Z",
        "annotations": more.get("annotations", {}),
    }

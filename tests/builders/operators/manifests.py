"""Titan's objects as somebody with kubectl writes them."""

from typing import Any

from titan_api import names
from titan_api.json_types import Json


def dag_manifest(name: str, **spec: Any) -> Json:
    """A TitanDAG without a jobCount: its jobs start as they come."""
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_DAG,
        "metadata": {"name": name},
        "spec": {"name": name, **spec},
    }


def job_manifest(job_id: str, script: str = "print('done')", *, dag: str | None = None, **spec: Any) -> Json:
    """A TitanJob with an inline script, of a DAG or alone."""
    source = spec.pop("source", {"inline": {"fileName": f"{job_id}.py", "content": script}})
    belongs = {"dag": dag} if dag else {}
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_JOB,
        "metadata": {"name": names.job_name(dag, job_id) if dag else job_id},
        "spec": {"jobID": job_id, "source": source, **belongs, **spec},
    }


def decision(user: str, verdict: str = "Approve", comment: str = "") -> str:
    """The body of `kubectl patch --type=json` that appends a decision."""
    entry = f'{{"user": "{user}", "verdict": "{verdict}", "comment": "{comment}"}}'
    return f'[{{"op": "add", "path": "/spec/decisions/-", "value": {entry}}}]'


def binding(role: str, *subjects: Json, kind: str = "ClusterRole") -> Json:
    """A RoleBinding of the namespace that it is applied to."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": f"{role}-of-{subjects[0]['name'].rpartition(':')[2]}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role},
        "subjects": list(subjects),
    }


def user(name: str) -> Json:
    """A person as a subject."""
    return {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": name}


def group(name: str) -> Json:
    """A group as a subject."""
    return {"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": name}

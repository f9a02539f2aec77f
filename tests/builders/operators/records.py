"""Builders of the operator's records: each test says only what matters to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from titan_operator.plan.observed import (
    ObservedApproval,
    ObservedDAG,
    ObservedJob,
    ParentsView,
    PodSettings,
    Protection,
)
from titan_operator.records import (
    ApprovalRecord,
    ApprovalStatus,
    Attempt,
    DAGRecord,
    DAGStatus,
    Decision,
    JobRecord,
    JobStatus,
    Meta,
    Outcome,
    ParentRef,
    PodRecord,
    Termination,
)

from titan_api import names
from titan_api.profiles import DEFAULT_PROFILES

POLICIES_IN_FORCE = Protection()
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

SETTINGS = PodSettings(
    image="titan-runner:test",
    store_url="http://titan-store.titan-system.svc:9090",
    profiles=DEFAULT_PROFILES,
)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_meta(name: str, *, uid: str | None = None, owner: str | None = None, labels: Mapping[str, str] = {}) -> Meta:
    return Meta(
        namespace="default",
        name=name,
        uid=uid or f"uid-{name}",
        resource_version=1,
        generation=1,
        created=NOW,
        deleting=False,
        labels=dict(labels),
        owner_uid=owner,
    )


def a_dag(name: str = "d", *, jobs: int | None = 1, sealed: bool = True, **fields: Any) -> DAGRecord:
    status = DAGStatus(phase="Running", sealed_job_count=jobs or 0, started=NOW) if sealed else DAGStatus()
    defaults: dict[str, Any] = {
        "meta": a_meta(name),
        "job_count": jobs,
        "run": 1,
        "suspend": False,
        "cancel": False,
        "agent_run_id": None,
        "requested_by": None,
        "status": status,
    }
    return DAGRecord(**(defaults | fields))


def a_job(job_id: str = "a", *, dag: str | None = "d", parents: tuple[str, ...] = (), **fields: Any) -> JobRecord:
    """A job that its DAG owns and that carries its labels; ``spec`` adds to a small inline script."""
    name = names.job_name(dag, job_id) if dag else f"{job_id}-alone"
    labels = {names.LABEL_MANAGED_BY: names.MANAGED_BY, names.LABEL_JOB_ID: names.label_value(job_id)}
    if dag:
        labels[names.LABEL_DAG] = dag
    spec = {"jobID": job_id, "source": {"inline": {"fileName": "a.py", "content": "print(1)"}}} | fields.pop("spec", {})
    defaults: dict[str, Any] = {
        "meta": a_meta(name, owner=f"uid-{dag}" if dag else None, labels=labels),
        "dag": dag,
        "job_id": job_id,
        "parents": tuple(ParentRef(parent) for parent in parents),
        "suspend": False,
        "cancel": False,
        "spec": spec,
        "status": JobStatus(),
    }
    return JobRecord(**(defaults | fields))


def a_pod(job: JobRecord, attempt: int = 1, phase: str = "Running", **fields: Any) -> PodRecord:
    name = names.pod_name(job.meta.name, attempt)
    defaults: dict[str, Any] = {
        "meta": a_meta(name, owner=job.meta.uid),
        "job": job.meta.name,
        "job_uid": job.meta.uid,
        "attempt": attempt,
        "phase": phase,
        "reason": "",
        "message": "",
        "node": "node-1",
        "started": NOW,
        "disrupted": False,
        "unschedulable": None,
        "waiting": None,
        "termination": None,
    }
    return PodRecord(**(defaults | fields))


def deleting(pod: PodRecord) -> PodRecord:
    return replace(pod, meta=replace(pod.meta, deleting=True))


def ended_with(code: int, message: str = "") -> Termination:
    return Termination(code, "Completed" if code == 0 else "Error", message, after(1))


def a_success(attempt: int = 1) -> Outcome:
    return Outcome(attempt, "publish", 0, "Completed", "", after(0.1), after(0.2))


def a_failure(attempt: int = 1, code: int = 3) -> Outcome:
    return Outcome(attempt, "run", code, "Error", "", after(0.1), after(0.2))


def an_attempt(number: int = 1, *, ended: datetime | None = None, **fields: Any) -> Attempt:
    return Attempt(number, f"pod-{number}", ended=ended, **fields)


def seeing(job: JobRecord, *, now: datetime = NOW, **fields: Any) -> ObservedJob:
    pods: tuple[PodRecord, ...] = fields.get("pods", ())
    defaults: dict[str, Any] = {
        "now": now,
        "job": job,
        "dag": a_dag() if job.dag else None,
        "parents": ParentsView(),
        "pods": pods,
        "first_seen": {pod.attempt: NOW for pod in pods},
        "vanished": frozenset(),
        "outcomes": {},
        "inherited": False,
        "approval": None,
        "settings": SETTINGS,
    }
    return ObservedJob(**(defaults | fields))


def seeing_dag(dag: DAGRecord, *, now: datetime = NOW, **fields: Any) -> ObservedDAG:
    defaults: dict[str, Any] = {
        "now": now,
        "dag": dag,
        "jobs": 0,
        "counts": {},
        "settled": 0,
        "stopped": 0,
        "waiting_approvals": 0,
        "newest_job": None,
        "graph": None,
        "last_write": None,
    }
    return ObservedDAG(**(defaults | fields))


def an_approval(job: JobRecord, *decisions: Decision, required: int = 1, **fields: Any) -> ApprovalRecord:
    defaults: dict[str, Any] = {
        "meta": a_meta(job.meta.name, owner=job.meta.uid),
        "job": job.meta.name,
        "job_uid": job.meta.uid,
        "message": "look at it",
        "timeout_seconds": 60,
        "required_approvals": required,
        "decisions": decisions,
        "status": ApprovalStatus(),
    }
    return ApprovalRecord(**(defaults | fields))


def seeing_gate(
    approval: ApprovalRecord,
    job: JobRecord | None,
    now: datetime = NOW,
    dag: DAGRecord | None = None,
    protection: Protection = POLICIES_IN_FORCE,
) -> ObservedApproval:
    return ObservedApproval(now, approval, job, dag, protection)

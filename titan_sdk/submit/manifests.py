"""TitanDAGs and TitanJobs as the API server gets them: pure functions from a Submission to JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from titan_api import names
from titan_api.views import GROUP_PREFIX
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.settings import DagSettings

Json = dict[str, Any]


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


@dataclass(frozen=True)
class Submission:
    """A job on its way into the cluster, as one value: what its author described, what it waits for, what it runs."""

    job: TitanJob
    parents: tuple[Parent, ...] = ()
    source: Json = field(default_factory=dict)
    """spec.source; empty until it is published."""


@dataclass(frozen=True)
class Stamp:
    """What every object of one submission carries."""

    submitted: str
    """Value of ANNOTATION_SUBMITTED."""
    requested_by: str


@dataclass(frozen=True)
class Owner:
    """The TitanDAG of a job."""

    name: str
    uid: str | None
    """None in a manifest that somebody applies later: the operator then makes the job the DAG's own."""


def build_dag(name: str, display_name: str, job_count: int | None, settings: DagSettings, stamp: Stamp | None) -> Json:
    """A TitanDAG that waits until ``job_count`` TitanJobs are there; without a number they start as they come."""
    labels = {names.LABEL_MANAGED_BY: names.MANAGED_BY}
    if settings.agent_run_id is not None:
        labels[names.LABEL_AGENT_RUN] = names.label_value(settings.agent_run_id)
    spec: Json = {"name": display_name} | settings.spec()
    if job_count is not None:
        spec["jobCount"] = job_count
    return _object(names.KIND_DAG, name, labels, spec, stamp)


def build_job(name: str, submission: Submission, owner: Owner | None, stamp: Stamp | None) -> Json:
    """The TitanJob of a submission; without an owner it stands alone."""
    job = submission.job
    labels = {names.LABEL_MANAGED_BY: names.MANAGED_BY, names.LABEL_JOB_ID: names.label_value(job.job_id)}
    spec: Json = (
        {"jobID": job.job_id, "source": submission.source} | _required(job) | _optional(job, submission.parents)
    )
    if owner is not None:
        spec["dag"] = owner.name
        labels[names.LABEL_DAG] = names.label_value(owner.name)
    manifest = _object(names.KIND_JOB, name, labels, spec, stamp)
    if owner is not None and owner.uid is not None:
        manifest["metadata"]["ownerReferences"] = [
            {
                "apiVersion": names.API_VERSION,
                "kind": names.KIND_DAG,
                "name": owner.name,
                "uid": owner.uid,
                "controller": True,
            }
        ]
    return manifest


def build_approval_terms(job: TitanJob) -> Json | None:
    """The gate behind a job, or None.

    A gate that names nobody may be approved by its requester, as in the earlier Titan (docs/adr/0008).
    """
    if job.hitl_message is None:
        return None
    terms: Json = {
        "message": job.hitl_message,
        "timeoutSeconds": job.max_wait_seconds,
        "allowSelfApproval": not job.approvers and job.required_approvals is None,
    }
    if job.required_approvals is not None:
        terms["requiredApprovals"] = job.required_approvals
    users = [name for name in job.approvers if not name.startswith(GROUP_PREFIX)]
    groups = [name.removeprefix(GROUP_PREFIX) for name in job.approvers if name.startswith(GROUP_PREFIX)]
    named = {"users": users, "groups": groups}
    approvers = {kind: people for kind, people in named.items() if people}
    return terms | ({"approvers": approvers} if approvers else {})


def _required(job: TitanJob) -> Json:
    return {
        "type": "Service" if job.is_service else "Run",
        "requirement": job.requirement,
        "priority": job.priority,
    }


def _optional(job: TitanJob, parents: Sequence[Parent]) -> Json:
    """The fields that differ from their defaults: objects stay small, and readable with kubectl."""
    retry = {"limit": job.retries, "backoffSeconds": job.backoff}
    fields: Mapping[str, object] = {
        "args": list(job.args),
        "parents": [parent.reference() for parent in parents],
        "delayMilliseconds": job.delay,
        "affinity": job.affinity,
        "port": job.port,
        "retry": {name: value for name, value in retry.items() if value is not None},
        "activeDeadlineSeconds": job.timeout,
        "approval": build_approval_terms(job),
        "env": [{"name": name, "value": value} for name, value in job.env.items()],
        "secrets": list(job.secrets),
        "resources": job.resources,
        "image": job.image,
    }
    return {name: value for name, value in fields.items() if value}


def _object(kind: str, name: str, labels: Json, spec: Json, stamp: Stamp | None) -> Json:
    metadata: Json = {"name": name, "labels": labels}
    if stamp is not None:
        metadata["annotations"] = {names.ANNOTATION_SUBMITTED: stamp.submitted}
        spec = spec | {"requestedBy": stamp.requested_by}
    return {"apiVersion": names.API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}

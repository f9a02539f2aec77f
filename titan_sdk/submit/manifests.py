"""TitanDAGs and TitanJobs as the API server gets them: pure functions from a Submission to JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from titan_api import names
from titan_api.job_fields import FIELDS, JobField, Shape
from titan_api.json_types import Json
from titan_api.views import GROUP_PREFIX
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.settings import DagSettings

GATE = "approval"
"""The part of the spec that a job without a gate does not have."""


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
    spec = build_fields(job) | {"source": submission.source}
    if submission.parents:
        spec["parents"] = [parent.reference() for parent in submission.parents]
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


def build_fields(job: TitanJob) -> Json:
    """What the author said of a job, where ``FIELDS`` wants it in the spec; parents and source are not known yet.

    Defaults are left out: objects stay small, and readable with kubectl.
    """
    spec: Json = {}
    has_gate = job.hitl_message is not None
    for one in FIELDS.values():
        if not one.path or one.name == "parents" or (one.path[0] == GATE and not has_gate):
            continue
        value = WRITTEN[one.name](job) if one.name in WRITTEN else getattr(job, one.name)
        if one.is_always_written or _is_said(one, value):
            *sections, last = one.path
            place = spec
            for section in sections:
                place = place.setdefault(section, {})
            place[last] = value
    if has_gate:
        # A gate that names nobody may be approved by its requester, as in the earlier Titan (docs/adr/0008).
        spec[GATE]["allowSelfApproval"] = not job.approvers and job.required_approvals is None
    return spec


def _is_said(one: JobField, value: object) -> bool:
    """Whether a value is more than the absence of one: nought is a default of some fields and a choice in others."""
    if one.shape is Shape.INTEGER:
        return value is not None and (value != 0 or one.default != 0)
    return bool(value)


def _approvers(job: TitanJob) -> Json:
    users = [name for name in job.approvers if not name.startswith(GROUP_PREFIX)]
    groups = [name[len(GROUP_PREFIX) :] for name in job.approvers if name.startswith(GROUP_PREFIX)]
    return {kind: people for kind, people in {"users": users, "groups": groups}.items() if people}


WRITTEN: Mapping[str, Callable[[TitanJob], object]] = {
    "job_type": lambda job: "Service" if job.is_service else "Run",
    "args": lambda job: list(job.args),
    "env": lambda job: [{"name": name, "value": value} for name, value in job.env.items()],
    "secrets": lambda job: list(job.secrets),
    "approvers": _approvers,
}
"""Fields that the API server gets in another form than TitanJob keeps."""


def _object(kind: str, name: str, labels: Json, spec: Json, stamp: Stamp | None) -> Json:
    metadata: Json = {"name": name, "labels": labels}
    if stamp is not None:
        metadata["annotations"] = {names.ANNOTATION_SUBMITTED: stamp.submitted}
        spec = spec | {"requestedBy": stamp.requested_by}
    return {"apiVersion": names.API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}

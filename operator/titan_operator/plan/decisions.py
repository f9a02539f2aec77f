"""What the planners return: values that say what to do, never how."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from titan_operator.plan.observed import Wait
from titan_operator.records import ApprovalStatus, DAGStatus, JobStatus, PodRecord


@dataclass(frozen=True)
class CreatePod:
    """Start an attempt. AlreadyExists with the same owner uid is success; another owner is a NameTaken failure."""

    manifest: dict[str, Any]
    attempt: int


@dataclass(frozen=True)
class DeletePod:
    """Remove one pod, as it was seen (uid and resourceVersion are preconditions); NotFound is success."""

    name: str
    uid: str
    resource_version: int


def delete_pod(pod: PodRecord) -> DeletePod:
    """The removal of a pod in the state in which it was seen."""
    return DeletePod(pod.meta.name, pod.meta.uid, pod.meta.resource_version)


@dataclass(frozen=True)
class CreateApproval:
    """Put the gate behind a job. AlreadyExists with the same owner uid is success."""

    manifest: dict[str, Any]


@dataclass(frozen=True)
class CreateServing:
    """Start a service: its Service first, so that a Deployment tells of both. AlreadyExists as for pods."""

    service: dict[str, Any]
    deployment: dict[str, Any]


@dataclass(frozen=True)
class RemoveServing:
    """Delete the Service and the Deployment of that name, if they are the job's own; NotFound is success."""

    name: str


@dataclass(frozen=True)
class AdoptJob:
    """Give a TitanJob that a person applied its owner and labels (never its spec)."""

    labels: dict[str, str]
    owner: dict[str, Any] | None


@dataclass(frozen=True)
class Expire:
    """Delete the planned object itself, as it was seen: the time for which it is kept after its end is over."""


Action = CreatePod | DeletePod | CreateApproval | CreateServing | RemoveServing | AdoptJob | Expire


@dataclass(frozen=True)
class Note:
    """A Kubernetes Event about the planned object, written after the status."""

    type: str
    """Normal or Warning."""
    reason: str
    message: str


Status = TypeVar("Status", JobStatus, DAGStatus, ApprovalStatus)


@dataclass(frozen=True)
class Plan(Generic[Status]):
    """One pass: actions first, then one status write if ``status`` is given, then the notes."""

    actions: tuple[Action, ...] = ()
    status: Status | None = None
    """The whole new status; None when it stays as it is."""
    notes: tuple[Note, ...] = ()
    requeue_after: float | None = None
    """Seconds until the passage of time alone may change the plan."""
    ask_outcome: int | None = None
    """Attempt whose outcome must be fetched from the store before anything else can be decided."""
    wait: Wait | None = None
    """Why Titan itself holds the job back, remembered until the next pass."""
    queues_up: bool = False
    """The job could start, and waits for room under spec.maxParallel of its DAG."""


JobPlan = Plan[JobStatus]
DAGPlan = Plan[DAGStatus]
ApprovalPlan = Plan[ApprovalStatus]

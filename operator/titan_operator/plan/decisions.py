"""What the planners return: values that say what shall be done, never how."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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
class AdoptJob:
    """Give a TitanJob that a person applied its owner and labels (never its spec)."""

    labels: dict[str, str]
    owner: dict[str, Any] | None


Action = CreatePod | DeletePod | CreateApproval | AdoptJob


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


JobPlan = Plan[JobStatus]
DAGPlan = Plan[DAGStatus]
ApprovalPlan = Plan[ApprovalStatus]

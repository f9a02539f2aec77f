"""What the operator remembers of each object: slim, frozen, and free of the framework.

The cache holds these instead of raw JSON (a thousand jobs fit in a few megabytes), the planner reads them, and
nothing else of an object is ever looked at. ``parse_*`` never raises on what the API server has admitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from titan_sdk.api import names

Raw = Mapping[str, Any]

FINAL_JOB_PHASES = frozenset({"Succeeded", "Failed", "Cancelled"})
FINAL_VERDICTS = frozenset({"Approved", "Rejected", "TimedOut"})


class Key(NamedTuple):
    """Where an object lives."""

    kind: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The part of metadata that matters."""

    namespace: str
    name: str
    uid: str
    resource_version: int
    generation: int
    created: datetime
    deleting: bool
    labels: Mapping[str, str]
    owner_uid: str | None
    """uid of the controlling owner."""


@dataclass(frozen=True, slots=True)
class Condition:
    """As in metav1.Condition."""

    type: str
    status: str
    reason: str
    message: str
    since: datetime

    def to_dict(self, generation: int) -> dict[str, Any]:
        """The JSON form; the generation is that of the object observed."""
        return {
            "type": self.type,
            "status": self.status,
            "reason": self.reason,
            "message": self.message,
            "lastTransitionTime": format_time(self.since),
            "observedGeneration": generation,
        }


@dataclass(frozen=True, slots=True)
class Attempt:
    """One pod's try at a job, as written in status.attempts."""

    number: int
    pod: str
    pod_uid: str | None = None
    node: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    exit_code: int | None = None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """status of a TitanJob."""

    phase: str = "Pending"
    run: int = 0
    attempt: int = 0
    failures: int = 0
    infrastructure_failures: int = 0
    attempts: tuple[Attempt, ...] = ()
    node: str | None = None
    ready: datetime | None = None
    started: datetime | None = None
    completed: datetime | None = None
    approval: str | None = None
    conditions: tuple[Condition, ...] = ()
    observed_generation: int = 0


class ParentRef(NamedTuple):
    """A parent: by its jobID inside the same DAG, or by name and uid of a TitanJob of an earlier one."""

    job_id: str
    name: str | None = None
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A TitanJob. ``spec`` is the raw spec, looked into only when a pod is built."""

    meta: Meta
    dag: str | None
    job_id: str
    parents: tuple[ParentRef, ...]
    suspend: bool
    cancel: bool
    spec: Raw
    status: JobStatus

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key(names.KIND_JOB, self.meta.namespace, self.meta.name)

    @property
    def has_ended(self) -> bool:
        """Whether its phase is one that never changes within a run."""
        return self.status.phase in FINAL_JOB_PHASES

    @property
    def has_gate(self) -> bool:
        """Whether a person must approve before its children start."""
        return "approval" in self.spec

    @property
    def lets_children_go(self) -> bool:
        """Succeeded and, where there is a gate, approved. A service that answers counts as done."""
        if self.status.phase == "Serving":
            return True
        return self.status.phase == "Succeeded" and (not self.has_gate or self.status.approval == "Approved")

    @property
    def stops_children(self) -> bool:
        """Failed, cancelled, or its gate was rejected or timed out."""
        return self.status.phase in ("Failed", "Cancelled") or self.status.approval in ("Rejected", "TimedOut")

    @property
    def is_settled(self) -> bool:
        """Nothing about it can change the DAG's outcome any more."""
        return self.has_ended and (self.lets_children_go or self.stops_children)


@dataclass(frozen=True, slots=True)
class DAGStatus:
    """status of a TitanDAG."""

    phase: str = "Pending"
    run: int = 0
    sealed_job_count: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """TitanJobs by lower-case phase."""
    waiting_approvals: int = 0
    progress: str = ""
    started: datetime | None = None
    completed: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    observed_generation: int = 0


@dataclass(frozen=True, slots=True)
class DAGRecord:
    """A TitanDAG."""

    meta: Meta
    job_count: int | None
    run: int
    suspend: bool
    cancel: bool
    agent_run_id: str | None
    requested_by: str | None
    status: DAGStatus

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key(names.KIND_DAG, self.meta.namespace, self.meta.name)

    @property
    def is_sealed(self) -> bool:
        """Whether pods may start: without spec.jobCount jobs start as they come."""
        return self.job_count is None or self.status.sealed_job_count > 0

    @property
    def has_ended(self) -> bool:
        """Whether it is complete, failed or cancelled."""
        return self.status.completed is not None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said; ``time`` is when the operator first saw it."""

    user: str
    verdict: str
    comment: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """status of a TitanApproval."""

    phase: str = "Scheduled"
    opened: datetime | None = None
    deadline: datetime | None = None
    decided: datetime | None = None
    decided_by: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    conditions: tuple[Condition, ...] = ()
    observed_generation: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """A TitanApproval."""

    meta: Meta
    job: str
    job_uid: str
    message: str
    timeout_seconds: int
    required_approvals: int
    decisions: tuple[Decision, ...]
    status: ApprovalStatus

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key(names.KIND_APPROVAL, self.meta.namespace, self.meta.name)


@dataclass(frozen=True, slots=True)
class Termination:
    """How a pod's container ended."""

    exit_code: int
    reason: str
    message: str
    """The termination message: the runner's JSON, or free text."""
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class PodRecord:
    """A Pod of one attempt."""

    meta: Meta
    job: str
    job_uid: str
    attempt: int
    phase: str
    reason: str
    """status.reason, such as Evicted or DeadlineExceeded."""
    message: str
    node: str | None
    started: datetime | None
    disrupted: bool
    """Condition DisruptionTarget: the cluster, not the program, ended it."""
    unschedulable: str | None
    """The scheduler's words while it finds no node."""
    waiting: str | None
    """Why the container does not start, such as ``ErrImagePull: ...``."""
    termination: Termination | None

    @property
    def key(self) -> Key:
        """Where it lives."""
        return Key("Pod", self.meta.namespace, self.meta.name)

    @property
    def has_ended(self) -> bool:
        """Whether its containers have stopped for good."""
        return self.phase in ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The runner's durable record of one attempt in the store."""

    attempt: int
    phase: str
    """How far the runner came: fetch, run or publish."""
    exit_code: int | None
    reason: str
    message: str
    started: datetime | None
    ended: datetime | None

    @property
    def is_success(self) -> bool:
        """The program exited with 0 and everything was published."""
        return self.phase == "publish" and self.exit_code == 0

    @property
    def is_infrastructure(self) -> bool:
        """The runner, not the program, failed."""
        return not self.is_success and self.phase in ("fetch", "publish")


def format_time(moment: datetime) -> str:
    """MicroTime: RFC 3339 in UTC with six digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str | None) -> datetime | None:
    """A Time or MicroTime of the Kubernetes API; None for an absent one."""
    return datetime.fromisoformat(text) if text else None

"""The slim records that the store keeps of the cluster's objects while somebody looks.

Slots, because fifty thousand jobs must fit beside everything else; times stay the text that the API server gave, because
they are passed on far more often than they are compared. Two records are equal exactly if nobody could see a
difference, so a change that changes nothing visible is told to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from titan_api import defaults
from titan_api.json_types import Json
from titan_api.times import parse_time
from titan_api.views import FINAL_PHASES, DagView, JobView

Age = tuple[str, str, str]
"""Sorts by age: creation time, the SDK's own stamp within that second, name."""

Kind = Literal["TitanDAG", "TitanJob", "TitanApproval", "Node"]

ACTIVE_PHASES = frozenset({"Running", "Serving"})


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A TitanJob."""

    kind: ClassVar[Kind] = "TitanJob"
    namespace: str
    name: str
    uid: str
    job_id: str
    dag: str | None
    phase: str
    created: str
    submitted: str = ""
    """The SDK's stamp; see ``names.ANNOTATION_SUBMITTED``."""
    attempt: int = 0
    node: str | None = None
    requirement: str = defaults.REQUIREMENT
    priority: int = 1
    is_service: bool = False
    ready: str | None = None
    started: str | None = None
    completed: str | None = None
    parents: tuple[str, ...] = ()
    approval: str | None = None
    exit_code: int | None = None
    message: str = ""
    suspended: bool = False
    cancelling: bool = False
    address: str | None = None
    delay_milliseconds: int = 0
    held_by: str = ""
    """Reason of the condition Waiting while it is True: what Titan itself holds the job back for."""
    unplaced: bool = False
    """No node takes its pod now; before a first start the status says no readyTime then."""
    answers: bool = False
    """Of a service: whether its port answers."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended for good."""
        return self.phase in FINAL_PHASES

    @property
    def age(self) -> Age:
        """For sorting."""
        return self.created, self.submitted, self.name

    @property
    def view(self) -> JobView:
        """As ``titan_api`` explains it."""
        return JobView(
            name=self.name,
            job_id=self.job_id,
            dag=self.dag,
            phase=self.phase,
            attempt=self.attempt,
            node=self.node,
            exit_code=self.exit_code,
            message=self.message,
            created=parse_time(self.created),
            started=parse_time(self.started),
            completed=parse_time(self.completed),
            parents=self.parents,
            approval=self.approval,
            uid=self.uid,
            is_service=self.is_service,
            suspended=self.suspended,
            cancelling=self.cancelling,
            delay_seconds=self.delay_milliseconds / 1000,
            ready=parse_time(self.ready),
            address=self.address,
        )


@dataclass(frozen=True, slots=True)
class ConditionRecord:
    """A condition of a status."""

    kind: str
    status: str
    reason: str
    message: str
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class DagRecord:
    """A TitanDAG without its jobs."""

    kind: ClassVar[Kind] = "TitanDAG"
    dag: ClassVar[None] = None
    namespace: str
    name: str
    uid: str
    display_name: str
    phase: str
    created: str
    submitted: str = ""
    progress: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By phase in lower case, without zeros."""
    waiting_approvals: int = 0
    started: str | None = None
    completed: str | None = None
    agent_run_id: str | None = None
    requested_by: str | None = None
    message: str = ""
    run: int = 1
    suspended: bool = False
    cancelling: bool = False
    max_parallel: int | None = None
    workspace: str = defaults.WORKSPACE_MODE
    ttl_seconds: int = 0
    conditions: tuple[ConditionRecord, ...] = ()
    comments: str = ""
    """The annotation as it is; see ``comments.parse_comments``."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended for good."""
        return self.phase in FINAL_PHASES

    @property
    def age(self) -> Age:
        """For sorting."""
        return self.created, self.submitted, self.name

    def view(self, jobs: tuple[JobView, ...] = ()) -> DagView:
        """As ``titan_api`` explains it."""
        return DagView(
            name=self.name,
            display_name=self.display_name,
            namespace=self.namespace,
            phase=self.phase,
            progress=self.progress,
            created=parse_time(self.created),
            started=parse_time(self.started),
            completed=parse_time(self.completed),
            message=self.message,
            counts=dict(self.counts),
            waiting_approvals=self.waiting_approvals,
            agent_run_id=self.agent_run_id,
            jobs=jobs,
            run=self.run,
            suspended=self.suspended,
            cancelling=self.cancelling,
            max_parallel=self.max_parallel,
        )


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A TitanApproval. There are few, so the whole object is kept, for the rules that decide about it."""

    kind: ClassVar[Kind] = "TitanApproval"
    namespace: str
    name: str
    uid: str
    job: str
    dag: str | None
    phase: str
    """With all decisions that are recorded, also if the operator has not seen the last one yet."""
    created: str
    opened: str | None
    decided: str | None
    raw: Json
    """Without managedFields and resourceVersion."""


@dataclass(frozen=True, slots=True)
class Taint:
    """What keeps pods that do not tolerate it off a node."""

    key: str
    value: str
    effect: str


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A Node, as far as it matters for what fits on it."""

    kind: ClassVar[Kind] = "Node"
    namespace: ClassVar[str] = ""
    dag: ClassVar[None] = None
    name: str
    uid: str
    is_ready: bool
    is_cordoned: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Taint, ...] = ()
    allocatable: Mapping[str, str] = field(default_factory=dict)


Record = DagRecord | JobRecord | GateRecord | NodeRecord

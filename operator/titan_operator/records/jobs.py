"""TitanJobs as the operator remembers them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from titan_api import defaults, names, parents
from titan_api.json_types import Raw
from titan_api.views import FINAL_PHASES
from titan_operator.records.objects import Condition, Key, Meta


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


class WorkspaceInput(NamedTuple):
    """An attempt that succeeded, whose files another job finds."""

    job_uid: str
    attempt: int


class ParentOutcome(NamedTuple):
    """A parent of an earlier DAG that was done when the operator looked."""

    job_id: str
    node: str | None = None
    completed: datetime | None = None
    inputs: tuple[WorkspaceInput, ...] = ()
    """Whose files it left to its children."""


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
    parent_outcomes: tuple[ParentOutcome, ...] = ()
    """Of parents in earlier DAGs: once copied here, the parent may expire."""
    address: str | None = None
    """host:port of a service while it runs."""


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
    def priority(self) -> int:
        """Higher first, wherever the operator itself chooses."""
        return int(self.spec.get("priority", defaults.PRIORITY))

    @property
    def has_ended(self) -> bool:
        """Whether its phase is one that never changes within a run."""
        return self.status.phase in FINAL_PHASES

    @property
    def is_service(self) -> bool:
        """Whether it runs until somebody stops it."""
        return self.spec.get("type") == "Service"

    @property
    def done(self) -> datetime | None:
        """When it let its children go: at its end, or for a service when its port first answered."""
        ready = [condition.since for condition in self.status.conditions if condition.type == names.CONDITION_READY]
        return self.status.completed or (ready[0] if ready and self.status.phase == "Serving" else None)

    @property
    def has_gate(self) -> bool:
        """Whether a person must approve before its children start."""
        return self.spec.get("approval") is not None

    @property
    def verdict(self) -> str | None:
        """The state of the gate behind it; None without one."""
        return self.status.approval or ("Scheduled" if self.has_gate else None)

    @property
    def lets_children_go(self) -> bool:
        """Whether its children may start, as far as it is concerned."""
        return parents.lets_children_go(self.status.phase, self.verdict)

    @property
    def stops_children(self) -> bool:
        """Whether its children can never start."""
        return parents.stops_children(self.status.phase, self.status.approval)

    def awaits_rerun(self, run: int) -> bool:
        """Whether it stopped in an earlier run than the DAG's present one, so that it will be tried again.

        Its own status.run moves only then, so what failed while the next run was being asked for is tried again too.
        """
        return 0 < self.status.run < run and self.has_ended and self.stops_children

    @property
    def is_settled(self) -> bool:
        """Nothing about it can change the DAG's outcome any more."""
        return parents.is_settled(self.status.phase, self.verdict)

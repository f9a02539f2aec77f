"""TitanDAGs as the operator remembers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from titan_api import defaults, names
from titan_operator.records.objects import Condition, Key, Meta


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
    max_parallel: int | None = None
    """How many of its pods may run at once."""
    ttl_seconds: int = defaults.DAG_TTL_SECONDS
    """How long it is kept after its end."""
    workspace_mode: str = defaults.WORKSPACE_MODE
    """How its jobs share files: Sync, Claim or None."""
    workspace_claim: str | None = None
    """The PersistentVolumeClaim of mode Claim."""

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

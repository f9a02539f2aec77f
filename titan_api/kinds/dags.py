"""TitanDAG: the run as a whole, and small. It never lists its jobs (an object with 1,000 inline jobs costs
the API server 0.4-2.4 s a status write; separate TitanJobs keep it at 4 ms)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from titan_api import defaults
from titan_api.kinds.fields import Conditions, Count, MicroTime, Model, ObjectName, Seconds, UserName


class WorkspaceSpec(Model):
    """How the jobs of a DAG share files."""

    rules: ClassVar[list[tuple[str, str]]] = [
        (
            "(self.mode == 'Claim') == has(self.claimName)",
            "workspace.claimName goes with workspace.mode Claim",
        ),
    ]

    mode: Literal["Sync", "Claim", "None"] = defaults.WORKSPACE_MODE
    """Sync: each job starts with what its ancestors left. Claim: one ReadWriteMany volume. None: empty."""
    claim_name: ObjectName | None = None


class TitanDAGSpec(Model):
    """What was asked for. Only jobCount, run (both only grow), suspend, cancel and the TTL may change."""

    mutable_fields: ClassVar[frozenset[str]] = frozenset(
        {"job_count", "suspend", "cancel", "run", "ttl_seconds_after_finished"}
    )
    rules: ClassVar[list[tuple[str, str]]] = [
        ("self.run >= oldSelf.run", "spec.run may only grow"),
        (
            "!has(oldSelf.jobCount) || (has(self.jobCount) && self.jobCount >= oldSelf.jobCount)",
            "spec.jobCount may only grow",
        ),
    ]

    name: Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_NAME)]
    """The name as the user wrote it."""
    agent_run_id: Annotated[str, StringConstraints(min_length=1, max_length=defaults.LONGEST_NAME)] | None = None
    """Groups the DAGs of one agent run."""
    requested_by: UserName | None = None
    """The API server's name of who created this object."""
    job_count: Annotated[int, Field(ge=1, le=defaults.MOST_JOBS)] | None = None
    """Nothing runs until so many TitanJobs are there. Absent: jobs start as they come."""
    suspend: bool = False
    """No new pods are started."""
    cancel: bool = False
    """Everything that has not ended is cancelled."""
    run: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Raised by one: what failed or was cancelled runs again."""
    max_parallel: Annotated[int, Field(ge=1, le=defaults.MOST_JOBS)] | None = None
    """How many pods of this DAG may exist at once."""
    ttl_seconds_after_finished: Seconds = defaults.DAG_TTL_SECONDS
    workspace: WorkspaceSpec = WorkspaceSpec()


class JobCounts(Model):
    """TitanJobs by phase."""

    pending: Count = 0
    running: Count = 0
    serving: Count = 0
    succeeded: Count = 0
    failed: Count = 0
    cancelled: Count = 0


class TitanDAGStatus(Model):
    """Written by the operator alone."""

    observed_generation: Annotated[int, Field(ge=0)] = 0
    phase: Literal["Pending", "Running", "Succeeded", "Failed", "Cancelled"] = "Pending"
    """Derived from the conditions and counts."""
    run: Count = 0
    """The spec.run that the other fields speak of."""
    sealed_job_count: Count = 0
    """How many jobs were there when the graph was sealed; jobs of a DAG with spec.jobCount start only then."""
    counts: JobCounts = JobCounts()
    waiting_approvals: Count = 0
    """Gates that are open and wait for a person."""
    progress: Annotated[str, StringConstraints(max_length=32)] = ""
    """Ended jobs of all jobs, as "3/7"."""
    start_time: MicroTime | None = None
    completion_time: MicroTime | None = None
    conditions: Conditions = []


class TitanDAG(Model):
    """One run of a graph of jobs."""

    spec: TitanDAGSpec
    status: TitanDAGStatus = TitanDAGStatus()

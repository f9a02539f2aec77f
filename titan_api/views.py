"""What a caller sees of DAGs, jobs and gates: frozen copies of the cluster's objects, in Python's terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from titan_api import defaults, names
from titan_api.json_types import Raw
from titan_api.times import parse_time

FINAL_PHASES = frozenset({"Succeeded", "Failed", "Cancelled"})
GROUP_PREFIX = "group:"
"""In front of an approver that is a group."""

_TELLING = (
    (names.CONDITION_INVALID, "True"),
    (names.CONDITION_FAILED, "True"),
    (names.CONDITION_OUTCOME_UNKNOWN, "True"),
    (names.CONDITION_SCHEDULED, "False"),
    (names.CONDITION_READY, "False"),
)
"""Conditions whose message says why things are as they are, the most telling first."""


@dataclass(frozen=True)
class JobView:
    """A TitanJob. Times are aware and in UTC; None where it has not happened yet."""

    name: str
    job_id: str
    dag: str | None
    phase: str
    """Pending, Running, Serving, Succeeded, Failed or Cancelled."""
    attempt: int
    """Number of the newest attempt; 0 before the first."""
    node: str | None
    exit_code: int | None
    message: str
    """Why it waits or failed; empty where there is nothing to say."""
    created: datetime | None
    started: datetime | None
    completed: datetime | None
    parents: tuple[str, ...]
    approval: str | None
    """State of the gate behind the job: Scheduled, Pending, Approved, Rejected, TimedOut; None without a gate."""
    uid: str = ""
    is_service: bool = False
    suspended: bool = False
    cancelling: bool = False
    """Somebody asked for its end."""
    delay_seconds: float = 0.0
    """How long it waits after its parents are done."""
    ready: datetime | None = None
    """When its parents were done."""
    address: str | None = None
    """host:port of a service while it runs; see ``client.service_address``."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended for good."""
        return self.phase in FINAL_PHASES

    @property
    def succeeded(self) -> bool:
        """Whether it ended well."""
        return self.phase == "Succeeded"


@dataclass(frozen=True)
class DagView:
    """A TitanDAG. ``jobs`` is filled where one DAG was asked for, and empty in lists."""

    name: str
    display_name: str
    """As the user wrote it."""
    namespace: str
    phase: str
    """Pending, Running, Succeeded, Failed or Cancelled."""
    progress: str
    """Ended jobs of all jobs, as "3/7"."""
    created: datetime | None
    started: datetime | None
    completed: datetime | None
    message: str
    counts: dict[str, int]
    """Jobs by phase, in lower case; phases without jobs are absent."""
    waiting_approvals: int
    agent_run_id: str | None
    jobs: tuple[JobView, ...] = ()
    run: int = 1
    """How often it was started: 1, and one more for each retry."""
    suspended: bool = False
    cancelling: bool = False
    """Somebody asked for its end."""
    max_parallel: int | None = None

    @property
    def is_final(self) -> bool:
        """Whether it has ended for good."""
        return self.phase in FINAL_PHASES

    @property
    def succeeded(self) -> bool:
        """Whether every job ended well."""
        return self.phase == "Succeeded"

    @property
    def is_serving(self) -> bool:
        """Whether all has succeeded but for services, which go on until they are stopped."""
        done = self.counts.get("serving", 0) + self.counts.get("succeeded", 0)
        return (
            self.phase == "Running"
            and self.counts.get("serving", 0) > 0
            and self.progress.rpartition("/")[2] == str(done)
            and not self.waiting_approvals
        )


@dataclass(frozen=True)
class ArtifactView:
    """A file that was published under a key."""

    key: str
    name: str
    digest: str


@dataclass(frozen=True)
class AgentRunView:
    """The DAGs of one agent run, in the order in which they were submitted."""

    run_id: str
    phase: str
    """Of the newest DAG that has not ended, else Failed or Cancelled if one is, else Succeeded."""
    created: datetime | None
    completed: datetime | None
    """None while one of the DAGs goes on."""
    stages: tuple[DagView, ...]
    """In lists without their jobs."""
    files: tuple[ArtifactView, ...] = ()
    """What was published under keys that name the run, sorted by key; empty in lists."""

    @property
    def is_final(self) -> bool:
        """Whether all its DAGs have ended."""
        return self.phase in FINAL_PHASES


@dataclass(frozen=True)
class DecisionView:
    """What one person said at a gate."""

    user: str
    verdict: str
    """Approve or Reject."""
    comment: str
    time: datetime | None = None


@dataclass(frozen=True)
class GateView:
    """A TitanApproval: the gate behind a job."""

    gate_id: str
    job_id: str
    dag: str | None
    name: str
    """Name of the TitanApproval; tells gates of equal jobs of different submissions apart."""
    message: str
    deadline: datetime | None
    phase: str
    """Scheduled (the job has not ended), Pending (open), Approved, Rejected or TimedOut."""
    decisions: tuple[DecisionView, ...]
    requested_by: str | None
    required_approvals: int = defaults.REQUIRED_APPROVALS
    """How many distinct people must approve."""
    approvers: tuple[str, ...] = ()
    """Who may decide: users, and groups as "group:NAME"; empty: whoever may write TitanApprovals."""
    may_self_approve: bool = False
    """Whether the requester may decide."""
    opened: datetime | None = None


def view_job(raw: Raw) -> JobView:
    """The view of a TitanJob."""
    spec, status, metadata = raw["spec"], raw.get("status") or {}, raw["metadata"]
    attempts = status.get("attempts") or [{}]
    return JobView(
        name=metadata["name"],
        job_id=spec["jobID"],
        dag=spec.get("dag"),
        phase=status.get("phase") or "Pending",
        attempt=status.get("attempt") or 0,
        node=status.get("nodeName"),
        exit_code=attempts[-1].get("exitCode"),
        message=_message(status)
        or _refusal(status)
        or (attempts[-1].get("message") or "" if status.get("phase") == "Pending" else ""),
        created=parse_time(metadata.get("creationTimestamp")),
        started=parse_time(status.get("startTime")),
        completed=parse_time(status.get("completionTime")),
        parents=tuple(parent["jobID"] for parent in spec.get("parents") or ()),
        approval=status.get("approval") or ("Scheduled" if spec.get("approval") else None),
        uid=metadata.get("uid", ""),
        is_service=spec.get("type") == "Service",
        suspended=bool(spec.get("suspend")),
        cancelling=bool(spec.get("cancel")),
        delay_seconds=(spec.get("delayMilliseconds") or 0) / 1000,
        ready=parse_time(status.get("readyTime")),
        address=status.get("address"),
    )


def view_dag(raw: Raw, jobs: tuple[JobView, ...] = ()) -> DagView:
    """The view of a TitanDAG with some of its jobs."""
    spec, status, metadata = raw["spec"], raw.get("status") or {}, raw["metadata"]
    run = spec.get("run") or 1
    # The operator has not seen a retry yet as long as its status speaks of an earlier run.
    is_behind = (status.get("run") or 1) < run and status.get("phase") in FINAL_PHASES
    return DagView(
        name=metadata["name"],
        display_name=spec["name"],
        namespace=metadata["namespace"],
        phase="Pending" if is_behind else status.get("phase") or "Pending",
        progress=status.get("progress") or "",
        created=parse_time(metadata.get("creationTimestamp")),
        started=parse_time(status.get("startTime")),
        completed=None if is_behind else parse_time(status.get("completionTime")),
        message="" if is_behind else _message(status),
        counts={phase: number for phase, number in (status.get("counts") or {}).items() if number},
        waiting_approvals=status.get("waitingApprovals") or 0,
        agent_run_id=spec.get("agentRunID"),
        jobs=jobs,
        run=run,
        suspended=bool(spec.get("suspend")),
        cancelling=bool(spec.get("cancel")),
        max_parallel=spec.get("maxParallel"),
    )


def view_gate(raw: Raw) -> GateView:
    """The view of a TitanApproval."""
    spec, status = raw["spec"], raw.get("status") or {}
    times = {given["user"]: parse_time(given.get("time")) for given in status.get("decisions") or ()}
    return GateView(
        gate_id=names.gate_id(spec["subject"]["jobID"]),
        job_id=spec["subject"]["jobID"],
        dag=spec.get("dag"),
        name=raw["metadata"]["name"],
        message=spec.get("message") or "",
        deadline=parse_time(status.get("deadline")),
        phase=status.get("phase") or "Scheduled",
        decisions=tuple(
            DecisionView(given["user"], given["verdict"], given.get("comment") or "", times.get(given["user"]))
            for given in spec.get("decisions") or ()
        ),
        requested_by=spec.get("requestedBy"),
        required_approvals=spec.get("requiredApprovals") or defaults.REQUIRED_APPROVALS,
        approvers=approver_names(spec.get("approvers") or {}),
        may_self_approve=bool(spec.get("allowSelfApproval")),
        opened=parse_time(status.get("openTime")),
    )


def approver_names(approvers: Raw) -> tuple[str, ...]:
    """Users and groups in one list, as TitanJob takes them."""
    groups = [f"{GROUP_PREFIX}{group}" for group in approvers.get("groups") or ()]
    return (*(approvers.get("users") or ()), *groups)


def _message(status: Raw) -> str:
    conditions = status.get("conditions") or ()
    for kind, wanted in _TELLING:
        for condition in conditions:
            if condition["type"] == kind and condition["status"] == wanted:
                return str(condition.get("message") or condition.get("reason") or "")
    return ""


def _refusal(status: Raw) -> str:
    """Why the API server lets no pod be made: quota, Pod Security, a missing PriorityClass. Other waits are explained
    by what is known about the job itself."""
    for condition in status.get("conditions") or ():
        if (condition["type"], condition.get("reason")) == (names.CONDITION_WAITING, names.REASON_REFUSED):
            return str(condition.get("message") or "") if condition["status"] == "True" else ""
    return ""

"""What the planners are given: frozen views that ``observe`` takes from the cache, the clock included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from titan_api.profiles import Profile
from titan_operator import records


@dataclass(frozen=True)
class PodSettings:
    """The operator's settings that shape pods and timing."""

    image: str
    """Image with Titan's runner."""
    store_url: str
    profiles: Mapping[str, Profile]
    store_ca: str = ""
    """PEM of the authority that vouches for the store; empty: the image's own authorities."""
    infrastructure_limit: int = 10
    """Attempts of one run that may be lost through no fault of the program."""
    finished_pod_seconds: float = 600.0
    """How long pods of ended jobs are kept for kubectl logs."""
    service_host: str = ""
    """Where pods reach services, if not by the names of their Services (the embedded cluster has no DNS)."""
    running_write_seconds: float = 0.5
    """A job that ends sooner never gets a Running write (an API write costs more than the news is worth)."""


class Lookup(Enum):
    """What is known of an attempt's outcome in the store, where no record is at hand."""

    NOT_ASKED = "not asked"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Culprit:
    """The first parent that keeps a job from ever starting."""

    job_id: str
    reason: str
    """A reason of names.py: ParentFailed, GateRejected, GateTimedOut or ParentMissing."""


@dataclass(frozen=True)
class ParentsView:
    """A job's parents, counted; the cache keeps the counters, so no pass reads a thousand parents."""

    unmet: int = 0
    """Parents that have not let their children go yet, missing ones included."""
    missing: tuple[str, ...] = ()
    """Some of the parents (at most three) that are no known job of the DAG."""
    culprit: Culprit | None = None
    gated: str | None = None
    """jobID of a parent whose gate is not decided, if nothing else keeps the job."""
    done: datetime | None = None
    """When the last parent was done; None while some are unmet."""
    outcomes_to_copy: tuple[records.ParentOutcome, ...] = ()
    """Parents in earlier DAGs that are done and not yet copied into the status: they may expire any time."""
    nodes: tuple[str, ...] = ()
    """Where the parents ran, without repetition; filled only for jobs with spec.affinity."""
    services: tuple[str, ...] = ()
    """uids of the parents that serve now; filled only for jobs with spec.affinity."""
    inputs: tuple[records.WorkspaceInput, ...] = ()
    """Whose files the job finds in its workspace."""


@dataclass(frozen=True)
class ServiceView:
    """What there is of a service."""

    deployment: records.DeploymentRecord | None = None
    pods: tuple[records.PodRecord, ...] = ()
    """By age, the oldest first; those that are ending included."""


class Wait(NamedTuple):
    """A reason for which Titan itself holds a job back."""

    reason: str
    """A reason of condition Waiting."""
    since: datetime


@dataclass(frozen=True)
class ObservedJob:
    """Everything that decides about one TitanJob."""

    now: datetime
    job: records.JobRecord
    dag: records.DAGRecord | None
    """None if the job stands alone, or names a DAG that is not there."""
    parents: ParentsView
    pods: tuple[records.PodRecord, ...]
    """Living and ended pods of this TitanJob's uid, by attempt."""
    first_seen: Mapping[int, datetime]
    """When this process first saw the pod of an attempt, or saw it running."""
    vanished: frozenset[int]
    """Attempts whose pod this process created or saw and which is gone."""
    outcomes: Mapping[int, records.Outcome | Lookup]
    """By attempt; absent means NOT_ASKED."""
    inherited: bool
    """Another process, or a write of unknown fate, may have started the next attempt: ask the store first."""
    approval: records.ApprovalRecord | None
    settings: PodSettings
    service: ServiceView = ServiceView()
    """Of jobs of type Service."""
    awaits_rerun: bool = False
    """It stopped in an earlier run than the present one of its DAG."""
    may_start: bool = True
    """spec.maxParallel of the DAG leaves room for a pod, and no other job comes first."""
    waits: Wait | None = None
    """What the job waited for in this process's last pass, and since when."""


@dataclass(frozen=True)
class GraphView:
    """The shape of a DAG; the cache renews it only when the set of its jobs changes."""

    parents: Mapping[str, tuple[str, ...]]
    """jobIDs of the parents by jobID."""
    duplicates: tuple[str, ...] = ()
    """jobIDs that more than one TitanJob carries."""


@dataclass(frozen=True)
class ObservedDAG:
    """Everything that decides about one TitanDAG; counters come from the cache."""

    now: datetime
    dag: records.DAGRecord
    jobs: int
    """TitanJobs that are there."""
    counts: Mapping[str, int]
    """TitanJobs by lower-case phase."""
    settled: int
    """Jobs about which nothing can change (see JobRecord.is_settled)."""
    stopped: int
    """Settled jobs that failed, were cancelled or rejected."""
    waiting_approvals: int
    """Gates that are open."""
    newest_job: datetime | None
    """Creation of the newest TitanJob."""
    graph: GraphView | None
    """None when the graph was checked already and has not changed since."""
    last_write: datetime | None
    """When this process last wrote the status."""


@dataclass(frozen=True)
class Protection:
    """Whether the API server itself proves who decides about gates."""

    missing: str = ""
    """Which admission policy is not in force, and why; empty: all are."""
    is_required: bool = False
    """Without them no decision counts."""


@dataclass(frozen=True)
class ObservedApproval:
    """Everything that decides about one TitanApproval."""

    now: datetime
    approval: records.ApprovalRecord
    job: records.JobRecord | None
    """The TitanJob of the subject's uid; None when it is gone."""
    dag: records.DAGRecord | None = None
    """The job's TitanDAG."""
    protection: Protection = Protection()

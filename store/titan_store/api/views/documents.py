"""JSON bodies of DAGs and jobs for people."""

from typing import Annotated, Any, Literal

from pydantic import Field

from titan_store.api.http.models import MicroTime, Model
from titan_store.views.cached.records import ConditionRecord, DagRecord, JobRecord, Kind
from titan_store.views.comments import parse_comments

DagPhase = Literal["Pending", "Running", "Succeeded", "Failed", "Cancelled"]
JobPhase = Literal["Pending", "Running", "Serving", "Succeeded", "Failed", "Cancelled"]
GatePhase = Literal["Scheduled", "Pending", "Approved", "Rejected", "TimedOut"]
Counts = dict[str, int]
Continue = Annotated[str | None, Field(alias="continue")]


class DagItem(Model):
    """A DAG in a list."""

    namespace: str
    name: str
    uid: str
    display_name: str
    """As the user wrote it."""
    phase: DagPhase
    progress: str
    """Ended jobs of all jobs, "3/7"."""
    counts: Counts
    """Jobs by phase, without zeros."""
    waiting_approvals: int
    create_time: MicroTime
    start_time: MicroTime | None = None
    completion_time: MicroTime | None = None
    agent_run_id: str | None = None
    requested_by: str | None = None
    message: str
    """Why it waits or failed; empty if there is nothing to say."""
    run: int
    suspended: bool
    cancelling: bool
    max_parallel: int | None = None


class CommentItem(Model):
    """What somebody wrote about a DAG."""

    user: str
    time: MicroTime
    text: str


class ConditionItem(Model):
    """A condition of a status."""

    type: str
    status: str
    reason: str
    message: str
    last_transition_time: MicroTime | None = None


class DagDetail(DagItem):
    """A DAG by itself."""

    comments: list[CommentItem]
    conditions: list[ConditionItem]
    workspace: Literal["Sync", "Claim", "None"]
    ttl_seconds_after_finished: int


class JobItem(Model):
    """A job in a list or graph."""

    namespace: str
    name: str
    uid: str
    job_id: str
    """The user's own id."""
    dag: str | None = None
    phase: JobPhase
    attempt: int
    node: str | None = None
    requirement: str
    priority: int
    type: Literal["Run", "Service"]
    create_time: MicroTime
    ready_time: MicroTime | None = None
    """When its parents were done."""
    start_time: MicroTime | None = None
    completion_time: MicroTime | None = None
    parents: list[str]
    """Ids of the jobs before it."""
    approval: GatePhase | None = None
    """State of the gate behind the job; absent without a gate."""
    exit_code: int | None = None
    message: str
    suspended: bool
    cancelling: bool
    address: str | None = None
    """host:port of a service while it runs."""


class Page(Model):
    """A page of something."""

    items: list[Any]
    total: int
    """All that match, on all pages."""
    following: Continue = None
    """There is more: ask with this."""


class DagPage(Page):
    """A page of DAGs, the newest first."""

    items: list[DagItem]


class JobPage(Page):
    """A page of jobs."""

    items: list[JobItem]


class ChangeItem(Model):
    """Something of this kind and name is different now."""

    kind: Kind
    namespace: str
    name: str
    dag: str | None = None
    """Of jobs and gates."""


class ChangesMessage(Model):
    """The data of a message of the stream of changes."""

    items: list[ChangeItem]
    all: bool
    """Anything may have changed: ask for everything again."""


def to_dag(dag: DagRecord) -> DagItem:
    """The item of a record."""
    return DagItem.model_validate(_describe(dag))


def to_detail(dag: DagRecord) -> DagDetail:
    """The same with what only its own page shows."""
    return DagDetail.model_validate(
        _describe(dag)
        | {
            "comments": [
                CommentItem(user=said.user, time=said.time, text=said.text) for said in parse_comments(dag.comments)
            ],
            "conditions": list(map(to_condition, dag.conditions)),
            "workspace": dag.workspace,
            "ttl_seconds_after_finished": dag.ttl_seconds,
        }
    )


def to_condition(condition: ConditionRecord) -> ConditionItem:
    """The item of a record."""
    return ConditionItem(
        type=condition.kind,
        status=condition.status,
        reason=condition.reason,
        message=condition.message,
        last_transition_time=condition.changed,
    )


def to_job(job: JobRecord) -> JobItem:
    """The item of a record."""
    return JobItem.model_validate(
        {
            "namespace": job.namespace,
            "name": job.name,
            "uid": job.uid,
            "job_id": job.job_id,
            "dag": job.dag,
            "phase": job.phase,
            "attempt": job.attempt,
            "node": job.node,
            "requirement": job.requirement,
            "priority": job.priority,
            "type": "Service" if job.is_service else "Run",
            "create_time": job.created,
            "ready_time": job.ready,
            "start_time": job.started,
            "completion_time": job.completed,
            "parents": list(job.parents),
            "approval": job.approval,
            "exit_code": job.exit_code,
            "message": job.message,
            "suspended": job.suspended,
            "cancelling": job.cancelling and not job.is_final,
            "address": job.address,
        }
    )


def _describe(dag: DagRecord) -> dict[str, object]:
    return {
        "namespace": dag.namespace,
        "name": dag.name,
        "uid": dag.uid,
        "display_name": dag.display_name,
        "phase": dag.phase,
        "progress": dag.progress,
        "counts": dict(dag.counts),
        "waiting_approvals": dag.waiting_approvals,
        "create_time": dag.created,
        "start_time": dag.started,
        "completion_time": dag.completed,
        "agent_run_id": dag.agent_run_id,
        "requested_by": dag.requested_by,
        "message": dag.message,
        "run": dag.run,
        "suspended": dag.suspended,
        "cancelling": dag.cancelling and not dag.is_final,
        "max_parallel": dag.max_parallel,
    }

"""TitanApproval: one gate behind one job. It holds no pod, and people's decisions are appended to it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from titan_api import defaults
from titan_api.kinds.fields import (
    UID,
    ApprovalTerms,
    Conditions,
    JobID,
    MicroTime,
    Model,
    ObjectName,
    ShortText,
    UserName,
)

Verdict = Literal["Approve", "Reject"]
ApprovalPhase = Literal["Scheduled", "Pending", "Approved", "Rejected", "TimedOut"]


class Subject(Model):
    """The job that the gate stands behind."""

    job: ObjectName
    """Name of the TitanJob."""
    job_id: JobID
    uid: UID
    """uid of the TitanJob: a decision counts for that submission only."""
    round: Annotated[int, Field(ge=1, le=1_000)] = 1
    """The DAG's spec.run for which the gate was made."""


class Decision(Model):
    """What one person said."""

    user: UserName
    verdict: Verdict
    comment: ShortText = ""


class TitanApprovalSpec(ApprovalTerms):
    """The question and the answers. Only decisions may change, and they are append-only."""

    mutable_fields: ClassVar[frozenset[str]] = frozenset({"decisions"})
    rules: ClassVar[list[tuple[str, str]]] = [
        (
            "oldSelf.decisions.size() <= self.decisions.size() && "
            "oldSelf.decisions.all(given, self.decisions.exists(kept, kept == given))",
            "spec.decisions is append-only",
        ),
    ]

    dag: ObjectName | None = None
    subject: Subject
    requested_by: UserName | None = None
    decisions: Annotated[
        list[Decision],
        Field(
            max_length=64,
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["user"]},
        ),
    ] = []
    """In the order in which they were made; one a person."""


class StampedDecision(Decision):
    """A decision with the time at which the operator first saw it."""

    time: MicroTime


class TitanApprovalStatus(Model):
    """Written by the operator alone."""

    observed_generation: Annotated[int, Field(ge=0)] = 0
    phase: ApprovalPhase = "Scheduled"
    """Scheduled until the job has succeeded, then Pending, then one of the three verdicts for good.

    A gate that nobody need decide any more (its job failed, it or the DAG was cancelled, a later round replaced it) is
    Rejected with decidedBy empty and reason Cancelled in condition Failed.
    """
    open_time: MicroTime | None = None
    deadline: MicroTime | None = None
    """The job's completion plus spec.timeoutSeconds."""
    decided_time: MicroTime | None = None
    decided_by: Annotated[
        list[Annotated[str, StringConstraints(max_length=defaults.LONGEST_NAME)]], Field(max_length=64)
    ] = []
    decisions: Annotated[list[StampedDecision], Field(max_length=64)] = []
    unproven: Annotated[list[UserName], Field(max_length=64)] = []
    """Users whose entries in spec.decisions do not count, because they were made while the operator was to require
    the admission policies that prove who decides, and these were not in force. A new run opens a gate anew."""
    conditions: Conditions = []


class TitanApproval(Model):
    """One gate."""

    spec: TitanApprovalSpec
    status: TitanApprovalStatus = TitanApprovalStatus()

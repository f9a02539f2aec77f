"""JSON bodies of gates: what a person needs to know to decide, and what they say."""

from typing import Annotated, Any, Literal

from pydantic import Field

from titan_api.verdicts import verdict_of
from titan_store.api.documents import ShortText
from titan_store.api.http.models import MicroTime, Model
from titan_store.gates.rules import find_warning, list_decisions


class GivenDecision(Model):
    """What one person said."""

    user: str
    verdict: Literal["Approve", "Reject"]
    comment: str = ""
    time: MicroTime | None = None
    """When the operator first saw it."""


class GateItem(Model):
    """A gate."""

    name: str
    namespace: str
    dag: str | None = None
    job: str
    """Name of the TitanJob that the gate stands behind."""
    job_uid: Annotated[str, Field(alias="jobUID")]
    job_id: Annotated[str, Field(alias="jobID")]
    round: int
    phase: Literal["Scheduled", "Pending", "Approved", "Rejected", "TimedOut"]
    """Takes all recorded decisions into account, even if the operator has not seen the last one yet."""
    message: str
    requested_by: str | None = None
    users: list[str]
    """Who may decide. If ``groups`` is empty as well: whoever has the verb ``approve``."""
    groups: list[str]
    required_approvals: int
    open_time: MicroTime | None = None
    deadline: MicroTime | None = None
    decided_time: MicroTime | None = None
    decisions: list[GivenDecision]
    unprotected: str | None = None
    """Why the cluster does not prove who decides, in the operator's words."""
    may_decide: bool
    """Whether the caller may decide now."""
    why_not: str | None = None
    """Why the caller may not decide."""
    command: str
    """What to type in a terminal instead."""


class GateList(Model):
    """A page of gates that wait. It may be shorter than the limit, even empty, and still have a successor."""

    items: list[GateItem]
    following: Annotated[str | None, Field(alias="continue")] = None
    """There may be more: ask with this."""


class DecisionRequest(Model):
    """What somebody says about a gate."""

    verdict: Literal["Approve", "Reject"]
    comment: ShortText = ""


def to_item(approval: dict[str, Any], why_not: str | None) -> GateItem:
    """The gate of a TitanApproval for one viewer; ``why_not`` says why they may not decide now."""
    metadata, spec, status = approval["metadata"], approval["spec"], approval.get("status") or {}
    approvers = spec.get("approvers") or {}
    return GateItem.model_validate(
        {
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "dag": spec.get("dag"),
            "job": spec["subject"]["job"],
            "jobUID": spec["subject"].get("uid") or "",
            "jobID": spec["subject"]["jobID"],
            "round": spec["subject"].get("round") or 1,
            "phase": verdict_of(approval),
            "message": spec.get("message") or "",
            "requestedBy": spec.get("requestedBy"),
            "users": approvers.get("users") or [],
            "groups": approvers.get("groups") or [],
            "requiredApprovals": spec.get("requiredApprovals") or 1,
            "openTime": status.get("openTime"),
            "deadline": status.get("deadline"),
            "decidedTime": status.get("decidedTime"),
            "decisions": list_decisions(approval),
            "unprotected": find_warning(approval),
            "mayDecide": why_not is None,
            "whyNot": why_not,
            "command": f"titan approve {metadata['name']} -n {metadata['namespace']}",
        }
    )

"""``titan approvals``, ``approve`` and ``reject``: a person's word at a gate, with that person's own credentials."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_seconds
from titan_sdk.cli.calls import Call
from titan_sdk.cli.options import Comment

if TYPE_CHECKING:
    from titan_api.views import GateView

GATE_HEADERS = ("GATE", "DAG", "QUESTION", "FROM", "LEFT", "NEEDS")

Gate = Annotated[str, typer.Argument(help="Id of the gate, or of the job that it follows.", show_default=False)]


def approvals(call: Call) -> None:
    """List the gates that are waiting for a decision.

    Example: titan approvals
    """
    call.answer_with_table(call.client.pending_approvals(), GATE_HEADERS, gate_row, "No gates are waiting.")


def approve(
    call: Call,
    gate: Gate,
    message: Comment = "",
) -> None:
    """Approve a gate: the jobs behind it run.

    Example: titan approve hitl-gate-draft -m "looks good"
    """
    _tell(call, "Approved", call.client.approve(gate, comment=message))


def reject(
    call: Call,
    gate: Gate,
    message: Comment = "",
) -> None:
    """Reject a gate: the jobs behind it are cancelled.

    Example: titan reject hitl-gate-draft -m "figures are from last week"
    """
    _tell(call, "Rejected", call.client.reject(gate, comment=message))


def gate_row(gate: "GateView", now: datetime) -> tuple[str, ...]:
    """One line of the list of gates."""
    left = format_seconds((gate.deadline - now).total_seconds()) if gate.deadline else ""
    return (gate.gate_id, gate.dag or "", gate.message, gate.requested_by or "", left, describe_need(gate))


def describe_need(gate: "GateView") -> str:
    """Whose word is still missing: ``1 of 2 from bob, group:board``; empty where anybody's will do."""
    approved = len({given.user for given in gate.decisions if given.verdict == "Approve"})
    number = f"{approved} of {gate.required_approvals}" if gate.required_approvals > 1 else ""
    people = f"from {', '.join(gate.approvers)}" if gate.approvers else ""
    return " ".join(part for part in (number, people) if part)


def _tell(call: Call, verdict: str, gate: "GateView") -> None:
    call.answer(gate, f"{verdict}: {gate.gate_id}{f' of {gate.dag}' if gate.dag else ''}")

"""``titan approvals``, ``approve`` and ``reject``: a person's word at a gate, with that person's own credentials."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_seconds
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AsJson, Comment, Context, Namespace
from titan_sdk.cli.output import emit_json, print_columns, say

if TYPE_CHECKING:
    from titan_api.views import GateView

GATE_HEADERS = ("GATE", "DAG", "QUESTION", "FROM", "LEFT", "NEEDS")

Gate = Annotated[str, typer.Argument(help="Id of the gate, or of the job that it follows.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the tree."""
    app.command("approvals")(approvals)
    app.command("approve")(approve)
    app.command("reject")(reject)


def approvals(
    ctx: typer.Context, namespace: Namespace = None, context: Context = None, as_json: AsJson = False
) -> None:
    """List the gates that are waiting for a decision.

    Example: titan approvals
    """
    gates = client_of(ctx, namespace, context).pending_approvals()
    if as_json:
        emit_json(gates)
    elif not gates:
        say("No gates are waiting.")
    else:
        now = datetime.now(UTC)
        print_columns(GATE_HEADERS, [gate_row(gate, now) for gate in gates])


def approve(
    ctx: typer.Context,
    gate: Gate,
    message: Comment = "",
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Approve a gate: the jobs behind it run.

    Example: titan approve hitl-gate-draft -m "looks good"
    """
    _tell(client_of(ctx, namespace, context).approve(gate, comment=message), "Approved", as_json)


def reject(
    ctx: typer.Context,
    gate: Gate,
    message: Comment = "",
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Reject a gate: the jobs behind it are cancelled.

    Example: titan reject hitl-gate-draft -m "figures are from last week"
    """
    _tell(client_of(ctx, namespace, context).reject(gate, comment=message), "Rejected", as_json)


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


def _tell(gate: "GateView", verdict: str, as_json: bool) -> None:
    if as_json:
        emit_json(gate)
    else:
        say(f"{verdict}: {gate.gate_id}{f' of {gate.dag}' if gate.dag else ''}")

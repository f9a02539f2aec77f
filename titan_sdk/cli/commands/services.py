"""``titan services``: what serves now, and where."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, print_columns, say

if TYPE_CHECKING:
    from titan_api.views import JobView

HEADERS = ("SERVICE", "DAG", "PHASE", "ADDRESS", "NODE", "AGE", "NOTE")


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("services")(services)


def services(
    ctx: typer.Context,
    dag: Annotated[str | None, typer.Argument(help="Only the services of this DAG.", show_default=False)] = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """List the running services and their addresses.

    Example: titan services
    """
    found = client_of(ctx, namespace, context).list_services(dag)
    if as_json:
        emit_json(found)
    elif not found:
        say("No services are running.")
    else:
        now = datetime.now(UTC)
        print_columns(HEADERS, [service_row(job, now) for job in found])


def service_row(job: "JobView", now: datetime) -> tuple[str, ...]:
    """One line of the list of services."""
    age = format_span(job.created, None, now)
    note = "is being stopped" if job.cancelling else job.message
    return (job.job_id, job.dag or "", job.phase, job.address or "", job.node or "", age, note)

"""``titan services``: what serves now, and where."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.calls import Call

if TYPE_CHECKING:
    from titan_api.views import JobView

HEADERS = ("SERVICE", "DAG", "PHASE", "ADDRESS", "NODE", "AGE", "NOTE")


def services(
    call: Call,
    dag: Annotated[str | None, typer.Argument(help="Only the services of this DAG.", show_default=False)] = None,
) -> None:
    """List the running services and their addresses.

    Example: titan services
    """
    call.answer_with_table(call.client.list_services(dag), HEADERS, service_row, "No services are running.")


def service_row(job: "JobView", now: datetime) -> tuple[str, ...]:
    """One line of the list of services."""
    age = format_span(job.created, None, now)
    note = "is being stopped" if job.cancelling else job.message
    return (job.job_id, job.dag or "", job.phase, job.address or "", job.node or "", age, note)

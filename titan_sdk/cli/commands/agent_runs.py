"""``titan runs``: agent runs, and the stages, jobs and files of one of them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.board import jobs_of
from titan_sdk.cli.calls import Call
from titan_sdk.cli.commands.statuses import JOB_HEADERS, job_row
from titan_sdk.cli.output import emit_json, print_columns, say

if TYPE_CHECKING:
    from titan_api.views import AgentRunView

RUN_HEADERS = ("RUN", "PHASE", "STAGES", "LAST STAGE", "TIME", "AGE")


def runs(
    call: Call,
    run_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="An agent run. Default: all.", show_default=False)
    ] = None,
) -> None:
    """List agent runs, or show the stages, jobs and files of one run.

    Example: titan runs 4f1c2a9b7d3e
    """
    if run_id is None:
        call.answer_with_table(call.client.list_agent_runs(), RUN_HEADERS, run_row, "No agent runs here.")
    else:
        _show(call, call.client.agent_run(run_id))


def run_row(view: "AgentRunView", now: datetime) -> tuple[str, ...]:
    """One line of the list of runs."""
    span = format_span(view.created, view.completed, now)
    return (
        view.run_id,
        view.phase,
        str(len(view.stages)),
        view.stages[-1].display_name,
        span,
        format_span(view.created, None, now),
    )


def _show(call: Call, view: "AgentRunView") -> None:
    """The run; for a person a block a stage, then the files."""
    if call.as_json:
        emit_json(view)
        return
    now = datetime.now(UTC)
    say(f"{view.run_id}: {view.phase}, {len(view.stages)} stages in {format_span(view.created, view.completed, now)}")
    for number, stage in enumerate(view.stages, start=1):
        span = format_span(stage.started or stage.created, stage.completed, now)
        say(f"\n{number}. {stage.display_name} ({stage.name}): {stage.phase} {stage.progress} in {span}")
        print_columns(JOB_HEADERS, [job_row(job, now) for job in jobs_of(stage)])
    if view.files:
        say("\nFiles")
        print_columns(("KEY", "NAME"), [(file.key, file.name) for file in view.files])

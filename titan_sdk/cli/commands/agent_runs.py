"""``titan runs``: agent runs, and the stages, jobs and files of one of them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.board import jobs_of
from titan_sdk.cli.commands.statuses import JOB_HEADERS, job_row
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, print_columns, say

if TYPE_CHECKING:
    from titan_api.views import AgentRunView

RUN_HEADERS = ("RUN", "PHASE", "STAGES", "LAST STAGE", "TIME", "AGE")


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("runs")(runs)


def runs(
    ctx: typer.Context,
    run_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="An agent run. Default: all.", show_default=False)
    ] = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """List agent runs, or show the stages, jobs and files of one run.

    Example: titan runs 4f1c2a9b7d3e
    """
    client = client_of(ctx, namespace, context)
    if run_id is not None:
        _show_one(client.agent_run(run_id), as_json)
        return
    found = client.list_agent_runs()
    if as_json:
        emit_json(found)
    elif not found:
        say("No agent runs here.")
    else:
        now = datetime.now(UTC)
        print_columns(RUN_HEADERS, [run_row(view, now) for view in found])


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


def show(view: "AgentRunView") -> None:
    """The run for a person: a block a stage, then the files."""
    now = datetime.now(UTC)
    say(f"{view.run_id}: {view.phase}, {len(view.stages)} stages in {format_span(view.created, view.completed, now)}")
    for number, stage in enumerate(view.stages, start=1):
        span = format_span(stage.started or stage.created, stage.completed, now)
        say(f"\n{number}. {stage.display_name} ({stage.name}): {stage.phase} {stage.progress} in {span}")
        print_columns(JOB_HEADERS, [job_row(job, now) for job in jobs_of(stage)])
    if view.files:
        say("\nFiles")
        print_columns(("KEY", "NAME"), [(file.key, file.name) for file in view.files])


def _show_one(view: "AgentRunView", as_json: bool) -> None:
    if as_json:
        emit_json(view)
    else:
        show(view)

"""``titan status``: the DAGs of a namespace and the jobs that stand alone, or one DAG or job; with ``--watch`` until it has ended."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.board import describe_job, jobs_of
from titan_sdk.cli.calls import Call
from titan_sdk.cli.commands.waits import watch
from titan_sdk.cli.exits import CommandFailed
from titan_sdk.cli.output import emit_json, print_columns, say

if TYPE_CHECKING:
    from titan_api.views import DagView, JobView
    from titan_sdk.client import TitanClient

DAG_HEADERS = ("DAG", "NAME", "PHASE", "DONE", "GATES", "AGE")
JOB_HEADERS = ("JOB", "PHASE", "NODE", "ATTEMPT", "TIME", "NOTE")


def status(
    call: Call,
    name: Annotated[str | None, typer.Argument(help="A DAG or a job. Default: all.", show_default=False)] = None,
    watch_it: Annotated[bool, typer.Option("--watch", "-w", help="Until it ends. The exit code says how.")] = False,
    agent_run: Annotated[
        str | None, typer.Option("--agent-run", help="Only the DAGs of this agent run.", show_default=False)
    ] = None,
) -> None:
    """List DAGs and standalone jobs, newest first, or show the jobs of one DAG.

    Example: titan status nightly-pipeline-x7k2p --watch
    """
    client = call.client
    if watch_it:
        watch(call, name or _newest(client), None)
    elif name is None:
        _show_all(call, agent_run)
    else:
        _show_one(call, find(client, name))


def find(client: "TitanClient", name: str) -> "DagView | JobView":
    """The DAG of that name, else the job; one sentence if there is neither."""
    from titan_sdk.errors import TitanNotFound

    with suppress(TitanNotFound):
        return client.get_dag(name)
    try:
        return client.get_job(name)
    except TitanNotFound as error:
        raise CommandFailed(f"no DAG or job is named {name!r} in namespace {client.namespace!r}") from error


def dag_row(view: "DagView", now: datetime) -> tuple[str, ...]:
    """One line of the list of DAGs."""
    gates = str(view.waiting_approvals) if view.waiting_approvals else ""
    return (view.name, view.display_name, view.phase, view.progress, gates, format_span(view.created, None, now))


def job_row(view: "JobView", now: datetime) -> tuple[str, ...]:
    """One line of the list of a DAG's jobs."""
    span = format_span(view.started, view.completed, now)
    return (view.job_id, view.phase, view.node or "", str(view.attempt or ""), span, describe_job(view))


def describe(view: "DagView | JobView", now: datetime) -> str:
    """One line on the whole, above its jobs."""
    from titan_api.views import DagView

    progress = f", {view.progress} jobs" if isinstance(view, DagView) and view.progress else ""
    span = format_span(view.started or view.created, view.completed, now)
    return f"{view.name}: {view.phase}{progress} in {span}{f', {view.message}' if view.message else ''}"


def _newest(client: "TitanClient") -> str:
    dags = client.list_dags(limit=1)
    if not dags:
        raise CommandFailed(f"there is no DAG to watch in namespace {client.namespace!r}")
    return dags[0].name


def _show_all(call: Call, agent_run: str | None) -> None:
    """As JSON the DAGs alone, one kind in one list: `titan status JOB --json` tells of a job."""
    dags = call.client.list_dags(agent_run_id=agent_run)
    if call.as_json:
        emit_json(dags)
        return
    # Jobs that stand alone belong to no agent run.
    jobs = [] if agent_run is not None else call.client.list_standalone_jobs()
    now = datetime.now(UTC)
    if dags:
        print_columns(DAG_HEADERS, [dag_row(view, now) for view in dags])
    if jobs:
        say("" if dags else "No DAGs here, only standalone jobs:")
        print_columns(JOB_HEADERS, [job_row(view, now) for view in jobs])
    if not dags and not jobs:
        say("No DAGs here yet.")


def _show_one(call: Call, view: "DagView | JobView") -> None:
    if call.as_json:
        emit_json(view)
        return
    now = datetime.now(UTC)
    say(describe(view, now))
    print_columns(JOB_HEADERS, [job_row(job, now) for job in jobs_of(view)])

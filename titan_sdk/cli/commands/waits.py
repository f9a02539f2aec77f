"""``titan wait`` and ``titan cancel``: until something has ended, or that it ends now."""

from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.calls import Call
from titan_sdk.cli.exits import CommandFailed
from titan_sdk.cli.options import Timeout
from titan_sdk.cli.output import emit_json, make_console, say

if TYPE_CHECKING:
    from titan_api.views import DagView, JobView
    from titan_sdk.accepted import Accepted

Name = Annotated[str, typer.Argument(help="A DAG or a job.", show_default=False)]


def wait(
    call: Call,
    name: Name,
    timeout: Timeout = None,
) -> None:
    """Wait until a DAG or job has ended. Exit codes: 0 it succeeded, 1 it did not, 3 the timeout expired first.

    Example: titan wait nightly-pipeline-x7k2p --timeout 600
    """
    view = call.client.wait(name, timeout=timeout)
    if call.as_json:
        emit_json(view)
    elif is_done(view):
        say(f"{view.name}: {view.phase}")
    finish(view)


def cancel(call: Call, name: Name) -> None:
    """Cancel a DAG, or one job and all jobs that depend on it.

    Example: titan cancel nightly-pipeline-x7k2p
    """
    call.client.cancel(name)
    call.answer({"cancelled": name}, f"Cancelled: {name}")


def answer_submitted(call: Call, accepted: "Accepted", wait: bool, timeout: float | None) -> None:
    """What became of a DAG that was submitted: its name, and for machines its jobs; if wanted, then also how it ends."""
    document = {"name": accepted.name, "jobIDs": accepted.job_ids, "namespace": accepted.namespace}
    call.answer({"type": "submitted"} | document, accepted.name)
    if wait:
        watch(call, accepted.name, timeout)


def watch(call: Call, name: str, timeout: float | None) -> None:
    """Show the run as it changes, in whatever form fits stdout, and end the command as the run ended."""
    from titan_sdk.cli.live import open_progress

    if call.as_json:
        view = call.client.wait(name, timeout=timeout, on_change=emit_json)
    else:
        with open_progress(make_console()) as progress:
            view = call.client.wait(name, timeout=timeout, on_change=progress.show)
    finish(view)


def is_done(view: "DagView | JobView") -> bool:
    """Whether it ended well. A service that serves is as good as done, and so is a DAG of which only such are left."""
    return view.succeeded or view.phase == "Serving" or getattr(view, "is_serving", False)


def finish(view: "DagView | JobView") -> None:
    """End the command as the run ended; a failure's sentence goes to stderr."""
    if not is_done(view):
        raise CommandFailed(f"{view.name}: {view.phase}{f', {view.message}' if view.message else ''}")

"""``titan wait`` and ``titan cancel``: until something has ended, or that it ends now."""

from typing import TYPE_CHECKING, Annotated

import typer

from titan_sdk.cli.edge import client_of
from titan_sdk.cli.exits import CommandFailed
from titan_sdk.cli.options import AsJson, Context, Namespace, Timeout
from titan_sdk.cli.output import emit_json, make_console, say

if TYPE_CHECKING:
    from titan_api.views import DagView, JobView
    from titan_sdk.client import TitanClient

Name = Annotated[str, typer.Argument(help="A DAG or a job.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the tree."""
    app.command("wait")(wait)
    app.command("cancel")(cancel)


def wait(
    ctx: typer.Context,
    name: Name,
    timeout: Timeout = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Wait until a DAG or job has ended. Exit codes: 0 it succeeded, 1 it did not, 3 the timeout expired first.

    Example: titan wait nightly-pipeline-x7k2p --timeout 600
    """
    client = client_of(ctx, namespace, context)
    view = client.wait(name, timeout=timeout)
    if as_json:
        emit_json(view)
    elif is_done(view):
        say(f"{view.name}: {view.phase}")
    finish(view)


def cancel(
    ctx: typer.Context, name: Name, namespace: Namespace = None, context: Context = None, as_json: AsJson = False
) -> None:
    """Cancel a DAG, or one job and all jobs that depend on it.

    Example: titan cancel nightly-pipeline-x7k2p
    """
    client = client_of(ctx, namespace, context)
    client.cancel(name)
    if as_json:
        emit_json({"cancelled": name})
    else:
        say(f"Cancelled: {name}")


def watch(client: "TitanClient", name: str, timeout: float | None, as_json: bool) -> "DagView | JobView":
    """Show the run as it changes, in whatever form fits stdout, and return its end."""
    from titan_sdk.cli.live import open_progress

    if as_json:
        return client.wait(name, timeout=timeout, on_change=emit_json)
    with open_progress(make_console()) as progress:
        return client.wait(name, timeout=timeout, on_change=progress.show)


def is_done(view: "DagView | JobView") -> bool:
    """Whether it ended well. A service that serves is as good as done, and so is a DAG of which only such are left."""
    return view.succeeded or view.phase == "Serving" or getattr(view, "is_serving", False)


def finish(view: "DagView | JobView") -> None:
    """End the command as the run ended; a failure's sentence goes to stderr."""
    if not is_done(view):
        raise CommandFailed(f"{view.name}: {view.phase}{f', {view.message}' if view.message else ''}")

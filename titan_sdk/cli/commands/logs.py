"""``titan logs``: what a job printed, of its newest attempt."""

from typing import Annotated

import typer

from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, say


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("logs")(logs)


def logs(
    ctx: typer.Context,
    job: Annotated[str, typer.Argument(help="Id of the job.", show_default=False)],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow the log until the job has ended.")] = False,
    dag: Annotated[
        str | None, typer.Option("--dag", help="The DAG of the job. Default: the newest.", show_default=False)
    ] = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Print a job's log: stdout and stderr of its newest attempt. The log outlives the pod.

    Example: titan logs train_model -f
    """
    client = client_of(ctx, namespace, context)
    for line in client.stream_logs(job, dag=dag, follow=follow):
        text = line.rstrip("\n")
        if as_json:
            emit_json({"job": job, "line": text})
        else:
            say(text)

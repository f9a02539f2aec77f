"""``titan deploy`` and ``titan render``: the pipeline of a YAML file, submitted or as a manifest for kubectl."""

from pathlib import Path
from typing import Annotated

import typer

from titan_sdk.cli.commands.waits import finish, watch
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AgentRun, AsJson, Context, Namespace, Timeout
from titan_sdk.cli.output import say, tell_submitted

File = Annotated[Path, typer.Argument(help="A YAML file with a pipeline.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the tree."""
    app.command("deploy")(deploy)
    app.command("render")(render)


def deploy(
    ctx: typer.Context,
    file: File,
    wait: Annotated[bool, typer.Option("--wait", "-w", help="Wait until it ends. The exit code says how.")] = False,
    timeout: Timeout = None,
    agent_run: AgentRun = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Submit the pipeline in a YAML file. The file's folder is uploaded, unless the file says `project: false`.

    Example: titan deploy pipeline.yaml --wait
    """
    client = client_of(ctx, namespace, context)
    accepted = client.dags.submit_yaml(file, agent_run)
    tell_submitted(accepted, as_json)
    if wait:
        finish(watch(client, accepted.name, timeout, as_json))


def render(
    ctx: typer.Context,
    file: File,
    agent_run: AgentRun = None,
    namespace: Namespace = None,
    context: Context = None,
) -> None:
    """Print the pipeline in a YAML file as one manifest for kubectl. The project itself is uploaded to the store.

    Example: titan render pipeline.yaml | kubectl apply -f -
    """
    say(client_of(ctx, namespace, context).dags.render_yaml(file, agent_run).rstrip("\n"))

"""``titan run``: one script as one job, its log on the terminal, its result as the exit code."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from titan_api import defaults
from titan_sdk.cli.commands.waits import finish
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.exits import CommandFailed, ExitCode
from titan_sdk.cli.hints import hinting
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, say

if TYPE_CHECKING:
    from titan_sdk.client import TitanClient
    from titan_sdk.submit.jobs import TitanJob


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    passing_on = {"allow_interspersed_args": False, "ignore_unknown_options": True}
    app.command("run", context_settings=passing_on)(run)


def run(
    ctx: typer.Context,
    script: Annotated[str, typer.Argument(help="The script, a .py or .sh file.", show_default=False)],
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Arguments for the script, passed on unchanged.", show_default=False)
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Id of the job. Default: the file's name.", show_default=False)
    ] = None,
    requirement: Annotated[
        str, typer.Option("--requirement", help="GENERAL, GPU, HIGH_MEM or any tag.")
    ] = defaults.REQUIREMENT,
    parent: Annotated[
        list[str] | None,
        typer.Option("--parent", help="A job that must succeed first. Repeatable.", show_default=False),
    ] = None,
    gpus: Annotated[int, typer.Option("--gpus", min=0, help="How many GPUs the job needs.")] = 0,
    env: Annotated[
        list[str] | None, typer.Option("--env", help="NAME=VALUE for the script. Repeatable.", show_default=False)
    ] = None,
    timeout: Annotated[
        int | None, typer.Option("--timeout", min=1, help="Limit of one attempt, in seconds.", show_default=False)
    ] = None,
    retries: Annotated[
        int | None, typer.Option("--retries", min=0, help="Retries after a failure. Default: 3.", show_default=False)
    ] = None,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Show the log until the job ends.")] = True,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Run one script as a job. Put options before the script: everything after it is passed to the script.

    Example: titan run --requirement GPU --env SEED=7 train.py --epochs 3
    """
    from titan_sdk.submit.jobs import TitanJob

    job = TitanJob(
        name or Path(script).stem,
        script,
        args=arguments or [],
        parents=parent or [],
        requirement=requirement,
        gpus=gpus,
        env=parse_env(env or []),
        timeout=timeout,
        retries=retries,
    )
    client = client_of(ctx, namespace, context)
    name = _submit(client, job, as_json)
    if follow:
        _follow(client, name, as_json)
    elif not as_json:
        say(name)


def parse_env(settings: list[str]) -> dict[str, str]:
    """NAME=VALUE pairs as a dict; the later of two equal names wins."""
    env = {}
    for setting in settings:
        variable, equals, value = setting.partition("=")
        if not equals or not variable:
            raise CommandFailed(f"--env {setting!r} is not of the form NAME=VALUE", ExitCode.USAGE)
        env[variable] = value
    return env


def _submit(client: "TitanClient", job: "TitanJob", as_json: bool) -> str:
    """Send the job; returns the name of its TitanJob."""
    accepted = client.dags.submit_job(job)
    if as_json:
        emit_json({"type": "submitted", "name": accepted.name, "jobID": job.job_id, "namespace": accepted.namespace})
    return accepted.name


def _follow(client: "TitanClient", name: str, as_json: bool) -> None:
    """Pass the log on as it comes, then end as the job ended."""
    from rich.console import Console

    with hinting(client, name, Console(stderr=True)) as stop_hinting:
        for line in client.stream_logs(name):
            stop_hinting()
            if as_json:
                emit_json({"type": "log", "line": line})
            else:
                say(line)
    view = client.wait(name)
    if as_json:
        emit_json({"type": "finished", "job": view})
    finish(view)

"""``titan retry``, ``resubmit``, ``suspend``, ``resume``, ``stop`` and ``why``: what people do about a run that is under way."""

from typing import Annotated

import typer

from titan_sdk.cli.commands.waits import finish, watch
from titan_sdk.cli.edge import client_of
from titan_sdk.cli.exits import CommandFailed, ExitCode
from titan_sdk.cli.options import AsJson, Context, Namespace, Timeout
from titan_sdk.cli.output import emit_json, say, tell_submitted

Target = Annotated[str, typer.Argument(help="A DAG or a job.", show_default=False)]
Dag = Annotated[str, typer.Argument(help="A DAG.", show_default=False)]
Job = Annotated[str, typer.Argument(help="Id of the job.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the tree."""
    for command in (retry, resubmit, suspend, resume, stop, why):
        app.command(command.__name__)(command)


def retry(
    ctx: typer.Context,
    dag: Dag,
    wait: Annotated[bool, typer.Option("--wait", "-w", help="Wait until it ends. The exit code says how.")] = False,
    timeout: Timeout = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Run the failed and cancelled jobs of a DAG again. Jobs that succeeded are kept.

    Example: titan retry nightly-pipeline-x7k2p --wait
    """
    client = client_of(ctx, namespace, context)
    view = client.retry(dag)
    if as_json:
        emit_json({"retried": view.name, "run": view.run})
    else:
        say(f"{view.name}: run {view.run}")
    if wait:
        finish(watch(client, view.name, timeout, as_json))


def resubmit(
    ctx: typer.Context,
    dag: Dag,
    wait: Annotated[bool, typer.Option("--wait", "-w", help="Wait until it ends. The exit code says how.")] = False,
    timeout: Timeout = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Submit a DAG again, as a new DAG that starts from the beginning.

    Example: titan resubmit nightly-pipeline-x7k2p --wait
    """
    client = client_of(ctx, namespace, context)
    accepted = client.resubmit(dag)
    tell_submitted(accepted, as_json)
    if wait:
        finish(watch(client, accepted.name, timeout, as_json))


def suspend(
    ctx: typer.Context, target: Target, namespace: Namespace = None, context: Context = None, as_json: AsJson = False
) -> None:
    """Start no more pods for a DAG or a job. Running pods go on.

    Example: titan suspend nightly-pipeline-x7k2p
    """
    _tell("Suspended", client_of(ctx, namespace, context).suspend(target).name, as_json)


def resume(
    ctx: typer.Context, target: Target, namespace: Namespace = None, context: Context = None, as_json: AsJson = False
) -> None:
    """Resume a suspended DAG or job.

    Example: titan resume nightly-pipeline-x7k2p
    """
    _tell("Resumed", client_of(ctx, namespace, context).resume(target).name, as_json)


def stop(
    ctx: typer.Context,
    service: Annotated[str, typer.Argument(help="Id of the service.", show_default=False)],
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Stop a service.

    Example: titan stop inference_api
    """
    answer = client_of(ctx, namespace, context).stop_service(service)
    if answer.startswith("CONNECTION_ERROR: "):
        raise CommandFailed(answer.partition(": ")[2], ExitCode.UNREACHABLE)
    if answer.startswith("ERROR: "):
        raise CommandFailed(answer.partition(": ")[2])
    _tell("Stopped", service, as_json)


def why(
    ctx: typer.Context,
    job: Job,
    dag: Annotated[
        str | None, typer.Option("--dag", help="The DAG of the job. Default: the newest.", show_default=False)
    ] = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Explain why a job is waiting, running or failed: its parents, its delay, a gate, a limit or the scheduler.

    Example: titan why train_model
    """
    reason = client_of(ctx, namespace, context).why(job, dag)
    if as_json:
        emit_json({"job": job, "reason": reason})
    else:
        say(reason)


def _tell(verb: str, name: str, as_json: bool) -> None:
    if as_json:
        emit_json({verb.lower(): name})
    else:
        say(f"{verb}: {name}")

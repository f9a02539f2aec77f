"""``titan retry``, ``resubmit``, ``suspend``, ``resume``, ``stop`` and ``why``: what people do about a run that is under way."""

from typing import Annotated

import typer

from titan_sdk.cli.calls import Call
from titan_sdk.cli.commands.waits import answer_submitted, watch
from titan_sdk.cli.exits import CommandFailed, ExitCode
from titan_sdk.cli.options import DagOfJob, Timeout, Wait

Target = Annotated[str, typer.Argument(help="A DAG or a job.", show_default=False)]
Dag = Annotated[str, typer.Argument(help="A DAG.", show_default=False)]
Job = Annotated[str, typer.Argument(help="Id of the job.", show_default=False)]


def retry(
    call: Call,
    dag: Dag,
    wait: Wait = False,
    timeout: Timeout = None,
) -> None:
    """Run the failed and cancelled jobs of a DAG again. Jobs that succeeded are kept.

    Example: titan retry nightly-pipeline-x7k2p --wait
    """
    view = call.client.retry(dag)
    call.answer({"retried": view.name, "run": view.run}, f"{view.name}: run {view.run}")
    if wait:
        watch(call, view.name, timeout)


def resubmit(
    call: Call,
    dag: Dag,
    wait: Wait = False,
    timeout: Timeout = None,
) -> None:
    """Submit a DAG again, as a new DAG that starts from the beginning.

    Example: titan resubmit nightly-pipeline-x7k2p --wait
    """
    answer_submitted(call, call.client.resubmit(dag), wait, timeout)


def suspend(call: Call, target: Target) -> None:
    """Start no more pods for a DAG or a job. Running pods go on.

    Example: titan suspend nightly-pipeline-x7k2p
    """
    name = call.client.suspend(target).name
    call.answer({"suspended": name}, f"Suspended: {name}")


def resume(call: Call, target: Target) -> None:
    """Resume a suspended DAG or job.

    Example: titan resume nightly-pipeline-x7k2p
    """
    name = call.client.resume(target).name
    call.answer({"resumed": name}, f"Resumed: {name}")


def stop(
    call: Call,
    service: Annotated[str, typer.Argument(help="Id of the service.", show_default=False)],
) -> None:
    """Stop a service.

    Example: titan stop inference_api
    """
    answer = call.client.stop_service(service)
    if answer.startswith("CONNECTION_ERROR: "):
        raise CommandFailed(answer.partition(": ")[2], ExitCode.UNREACHABLE)
    if answer.startswith("ERROR: "):
        raise CommandFailed(answer.partition(": ")[2])
    call.answer({"stopped": service}, f"Stopped: {service}")


def why(
    call: Call,
    job: Job,
    dag: DagOfJob = None,
) -> None:
    """Explain why a job is waiting, running or failed: its parents, its delay, a gate, a limit or the scheduler.

    Example: titan why train_model
    """
    reason = call.client.why(job, dag)
    call.answer({"job": job, "reason": reason}, reason)

"""``titan logs``: what a job printed, of its newest attempt."""

from typing import Annotated

import typer

from titan_sdk.cli.calls import Call
from titan_sdk.cli.options import DagOfJob


def logs(
    call: Call,
    job: Annotated[str, typer.Argument(help="Id of the job.", show_default=False)],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow the log until the job has ended.")] = False,
    dag: DagOfJob = None,
) -> None:
    """Print a job's log: stdout and stderr of its newest attempt. The log outlives the pod.

    Example: titan logs train_model -f
    """
    for line in call.client.stream_logs(job, dag=dag, follow=follow):
        text = line.rstrip("\n")
        call.answer({"job": job, "line": text}, text)

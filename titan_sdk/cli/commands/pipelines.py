"""``titan deploy`` and ``titan render``: the pipeline of a YAML file, submitted or as a manifest for kubectl."""

from pathlib import Path
from typing import Annotated

import typer

from titan_sdk.cli.calls import Call, Reach
from titan_sdk.cli.commands.waits import answer_submitted
from titan_sdk.cli.options import AgentRun, Timeout, Wait
from titan_sdk.cli.output import say

File = Annotated[Path, typer.Argument(help="A YAML file with a pipeline.", show_default=False)]


def deploy(
    call: Call,
    file: File,
    wait: Wait = False,
    timeout: Timeout = None,
    agent_run: AgentRun = None,
) -> None:
    """Submit the pipeline in a YAML file. The file's folder is uploaded, unless the file says `project: false`.

    Example: titan deploy pipeline.yaml --wait
    """
    answer_submitted(call, call.client.dags.submit_yaml(file, agent_run), wait, timeout)


def render(call: Reach, file: File, agent_run: AgentRun = None) -> None:
    """Print the pipeline in a YAML file as one manifest for kubectl. The project itself is uploaded to the store.

    Example: titan render pipeline.yaml | kubectl apply -f -
    """
    say(call.client.dags.render_yaml(file, agent_run).rstrip("\n"))

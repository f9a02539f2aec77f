"""The options that many commands share, declared once so that they read the same everywhere."""

from typing import Annotated

import typer

Namespace = Annotated[
    str | None,
    typer.Option("--namespace", "-n", help="Kubernetes namespace. Default: the context's own.", show_default=False),
]
Context = Annotated[
    str | None,
    typer.Option("--context", help="Kubeconfig context. Default: the current one.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Comment = Annotated[str, typer.Option("--message", "-m", help="Reason, kept with the decision.", show_default=False)]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", min=0, help="Seconds to wait at most; then the exit code is 3.", show_default=False),
]
Wait = Annotated[bool, typer.Option("--wait", "-w", help="Wait until it ends. The exit code says how.")]
DagOfJob = Annotated[
    str | None, typer.Option("--dag", help="The DAG of the job. Default: the newest.", show_default=False)
]
AgentRun = Annotated[
    str | None,
    typer.Option("--agent-run", help="Id of the agent run that the pipeline belongs to.", show_default=False),
]

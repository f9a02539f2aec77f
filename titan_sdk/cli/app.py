"""All commands under one name, and the wrapper that turns every failure into one sentence and an exit code."""

import sys
from collections.abc import Sequence

import typer

from titan_sdk.cli.commands import (
    agent_runs,
    dashboard,
    files,
    gates,
    local,
    logs,
    mcp,
    pipelines,
    runs,
    secrets,
    services,
    statuses,
    steering,
    store,
    waits,
)
from titan_sdk.cli.edge import REAL, Edge
from titan_sdk.cli.failures import known_failures, report, report_defect

HELP = """Run graphs of Python jobs on Kubernetes.

\b
A first run on this machine:
    titan local up
    eval "$(titan local env)"
    titan run hello.py

\b
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 timeout, 4 unreachable, 130 interrupted.
"""


def build_app() -> typer.Typer:
    """The tree of commands."""
    app = typer.Typer(
        name="titan", help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    for module in (runs, pipelines, statuses, logs, waits, steering, services, gates, agent_runs, dashboard, mcp):
        module.register(app)
    app.add_typer(local.build_group(), name="local")
    app.add_typer(store.build_group(), name="store")
    app.add_typer(files.build_group(), name="files")
    app.add_typer(secrets.build_group(), name="secret")
    return app


def run(arguments: Sequence[str], edge: Edge = REAL) -> int:
    """Run one command and return its exit code; nothing is raised but what is a defect of Titan."""
    sys.excepthook = report_defect
    command = typer.main.get_command(build_app())
    try:
        command.main(list(arguments), prog_name="titan", obj=edge)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except known_failures() as error:
        return report(error)
    return 0

"""All commands under one name, and the wrapper that turns every failure into one sentence and an exit code."""

import sys
from collections.abc import Sequence

import typer

from titan_sdk.cli.calls import Command, as_command
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


COMMANDS: dict[str, Command] = {
    "run": runs.COMMAND,
    "deploy": pipelines.deploy,
    "render": pipelines.render,
    "status": statuses.status,
    "logs": logs.logs,
    "wait": waits.wait,
    "cancel": waits.cancel,
    "retry": steering.retry,
    "resubmit": steering.resubmit,
    "suspend": steering.suspend,
    "resume": steering.resume,
    "stop": steering.stop,
    "why": steering.why,
    "services": services.services,
    "approvals": gates.approvals,
    "approve": gates.approve,
    "reject": gates.reject,
    "runs": agent_runs.runs,
    "dashboard": dashboard.dashboard,
    "mcp": mcp.mcp,
}
SETTINGS = {"run": {"allow_interspersed_args": False, "ignore_unknown_options": True}}
"""What follows the script is passed on to it."""
GROUPS: dict[str, tuple[str, dict[str, Command]]] = {
    "local": (
        "Run the embedded cluster on this machine.",
        {"up": local.up, "down": local.down, "status": local.status, "reset": local.reset, "env": local.env},
    ),
    "store": (
        "Use the values that jobs and people share.",
        {"get": store.get, "put": store.put, "ls": store.ls},
    ),
    "files": (
        "Use the files that jobs and people share.",
        {"ls": files.ls, "get": files.get, "put": files.put},
    ),
    "secret": (
        "Manage the secrets that jobs get as environment variables.",
        {"set": secrets.set_secret, "delete": secrets.delete, "ls": secrets.ls},
    ),
}


def build_app() -> typer.Typer:
    """The tree of commands."""
    app = typer.Typer(
        name="titan", help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    for name, function in COMMANDS.items():
        app.command(name, context_settings=SETTINGS.get(name))(as_command(function))
    for name, (text, commands) in GROUPS.items():
        group = typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)
        for inner, function in commands.items():
            group.command(inner)(as_command(function))
        app.add_typer(group, name=name)
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

"""``titan mcp``: the server through which agents use Titan."""

import typer

from titan_sdk.cli.exits import CommandFailed, ExitCode
from titan_sdk.cli.options import Context, Namespace


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("mcp")(mcp)


def mcp(namespace: Namespace = None, context: Context = None) -> None:
    """Serve the Model Context Protocol on stdin and stdout, for an agent's host to start.

    Example: titan mcp -n team
    """
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise CommandFailed("the MCP server is not installed: pip install 'titan-k8s[mcp]'", ExitCode.USAGE)
    from titan_sdk.mcp.server import main

    main(namespace, context)

"""``titan mcp``: the server through which agents use Titan."""

from titan_sdk.cli.calls import Reach
from titan_sdk.cli.exits import CommandFailed, ExitCode


def mcp(call: Reach) -> None:
    """Serve the Model Context Protocol on stdin and stdout, for an agent's host to start.

    Example: titan mcp -n team
    """
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise CommandFailed("the MCP server is not installed: pip install 'titan-k8s[mcp]'", ExitCode.USAGE)
    from titan_sdk.mcp.server import main

    main(call.namespace, call.context)

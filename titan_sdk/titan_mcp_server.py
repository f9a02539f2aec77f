"""The MCP server under the name by which programs of the earlier Titan import and start it; see ``titan_sdk.mcp.server``."""

from titan_sdk.mcp.server import INSTRUCTIONS, build_server, main
from titan_sdk.mcp.tools import TOOLS

__all__ = ["INSTRUCTIONS", "build_server", "main"]

# Programs call the tools by the names of their functions.
globals().update({f"_{name}_impl": tool for name, tool in TOOLS.items()})

if __name__ == "__main__":
    main()

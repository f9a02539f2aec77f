"""The MCP server under the name by which programs of the earlier Titan import and start it; see ``titan_sdk.mcp.server``."""

import sys

from titan_sdk.mcp import server

if __name__ == "__main__":
    server.main()
else:
    sys.modules[__name__] = server

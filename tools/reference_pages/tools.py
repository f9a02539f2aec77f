"""The MCP server's tools, as the server itself lists them to an agent."""

import asyncio

from reference_pages.tables import code, prose, render_table
from titan_api.json_types import Json
from titan_sdk.client import TitanClient
from titan_sdk.mcp.server import build_server

INTRODUCTION = """# MCP tools

`titan mcp` serves the [Model Context Protocol](https://modelcontextprotocol.io) on stdin and stdout. It needs
`pip install 'titan-k8s[mcp]'`, and finds the cluster as every other command does. An agent's host is told of it so:

```json title="mcp.json"
{"mcpServers": {"titan": {"command": "titan", "args": ["mcp"]}}}
```

Each tool answers a JSON text with a `status`: `ok`, `submitted`, `approved`, `rejected`, `deployed`, or `error` with a
`message` in one sentence. An agent cannot decide at a gate of a job that was submitted with its own identity, nor can a
job: then the answer is an error that names the command for a person.
"""


def render_page() -> str:
    """The whole page."""
    listed = asyncio.run(build_server(TitanClient()).list_tools())
    tools = [tool.model_dump(by_alias=True) for tool in listed]
    return "\n".join([INTRODUCTION, *map(_describe, tools)])


def _describe(tool: Json) -> str:
    schema = tool["inputSchema"]
    required = schema.get("required", ())
    rows = [
        (code(name), _type(described), prose(described.get("description", "")), _default(name, described, required))
        for name, described in schema.get("properties", {}).items()
    ]
    return f"## `{tool['name']}`\n\n{prose(tool['description'])}\n\n{render_table(['argument', 'type', '', ''], rows)}"


def _default(name: str, described: Json, required: list[str]) -> str:
    if name in required:
        return "required"
    default = described.get("default")
    return f"default {code(default)}" if default not in (None, "") else "optional"


def _type(described: Json) -> str:
    if "anyOf" in described:
        return " or ".join(_type(one) for one in described["anyOf"] if one.get("type") != "null")
    return str(described.get("type", "anything"))

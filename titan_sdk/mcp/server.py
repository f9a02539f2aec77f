"""Titan for agents: an MCP server over stdio (``titan mcp``, or ``python -m titan_sdk.titan_mcp_server``).

Each tool answers a JSON text with a ``status``; what they do is in ``titan_sdk.mcp.tools``. This module needs the
``mcp`` package: ``pip install 'titan-k8s[mcp]'``.
"""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from titan_api.job_fields import FIELDS, JobField, Shape
from titan_sdk.mcp.tools import TOOLS
from titan_sdk.submit.parameters import declare

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from titan_sdk.client import TitanClient

INSTRUCTIONS = """Titan runs graphs of Python jobs on Kubernetes. Submit a pipeline, wait for it, read its logs.
Every answer is JSON with a `status`; `error` comes with a `message` in one sentence. Gates wait for a person: you
cannot approve what was submitted with your own identity."""

FIELDS_OF_AGENTS = [field for field in FIELDS.values() if field.is_for_agents]
FIELDS_OF_JOBS = [one.name for one in FIELDS_OF_AGENTS if one.name not in ("job_id", "script_content", "filename")]
WORDS = {
    "job_id": "Id of the job; the newest submission of that id is meant.",
    "gate_id": "Id of the gate, such as hitl-gate-draft, or of the job before it.",
    "comment": "Why; kept with the decision.",
    "target": "Name of a DAG, or id of a job.",
    "agent_run_id": "Groups several DAGs into one agent run.",
    "jobs": "Jobs, each an object: job_id, script_content (the Python code itself) or filename, and if wanted "
    + ", ".join(FIELDS_OF_JOBS)
    + ".",
}
"""What agents read of arguments whose names do not say it all."""
TYPES: dict[Shape, object] = {
    Shape.TEXT: str | None,
    Shape.INTEGER: int | None,
    Shape.FLAG: bool | None,
    Shape.TEXTS: list[str] | None,
    Shape.ARGUMENTS: str | list[str] | None,
    Shape.PAIRS: dict[str, Any] | None,
}


def parameter_of(field: JobField) -> Parameter:
    """A field of a job as the parameter of a tool."""
    default = f"; default: {field.default}" if field.default else ""
    words = Field(description=f"{field.help}{default}")
    if field.name == "job_id":
        return Parameter(field.name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, words])
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[TYPES[field.shape], words])


def bind(name: str, tool: Callable[..., str], client: "TitanClient") -> Callable[..., str]:
    """The tool for one client, with the parameters that agents give."""

    def bound(**given: Any) -> str:
        return tool(client, **given)

    bound.__name__ = name
    if name == "submit_single_job":
        return declare(bound, map(parameter_of, FIELDS_OF_AGENTS))
    _, *own = signature(tool).parameters.values()
    return declare(bound, map(explain, own))


def explain(one: Parameter) -> Parameter:
    """The parameter with what agents read of it."""
    words = WORDS.get(one.name)
    return one.replace(annotation=Annotated[one.annotation, Field(description=words)]) if words else one


def build_server(client: "TitanClient") -> "MCPServer":
    """The server with all tools, working through a client."""
    from mcp.server.mcpserver import MCPServer

    # Only what is wrong goes to stderr: the agent's host shows it to people.
    server = MCPServer("titan", instructions=INSTRUCTIONS, log_level="WARNING")
    for name, tool in TOOLS.items():
        server.tool(name, description=tool.__doc__, structured_output=False)(bind(name, tool, client))
    return server


def main(namespace: str | None = None, context: str | None = None) -> None:
    """Serve stdin and stdout until the client leaves."""
    from titan_sdk.client import TitanClient

    build_server(TitanClient(namespace, context)).run("stdio")


if __name__ == "__main__":
    main()

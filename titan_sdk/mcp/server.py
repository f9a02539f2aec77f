"""Titan for agents: an MCP server over stdio (``titan mcp``, or ``python -m titan_sdk.titan_mcp_server``).

Each tool answers a JSON text with a ``status``; what they do is in ``titan_sdk.mcp.tools``. This module needs the
``mcp`` package: ``pip install 'titan-k8s[mcp]'``.
"""

from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from titan_api.job_fields import FIELDS, JobField, Shape
from titan_sdk.mcp.tools import (
    _approve_hitl_gate_impl,
    _deploy_script_impl,
    _get_job_logs_impl,
    _get_job_status_impl,
    _list_dags_impl,
    _ping_master_impl,
    _reject_hitl_gate_impl,
    _store_get_impl,
    _store_put_impl,
    _submit_dag_pipeline_impl,
    _submit_single_job_impl,
    _submit_yaml_pipeline_impl,
    _tail_job_logs_impl,
    _wait_for_completion_impl,
)
from titan_sdk.submit.parameters import take_one_by_one

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from titan_sdk.client import TitanClient

INSTRUCTIONS = """Titan runs graphs of Python jobs on Kubernetes. Submit a pipeline, wait for it, read its logs.
Every answer is JSON with a `status`; `error` comes with a `message` in one sentence. Gates wait for a person: you
cannot approve what was submitted with your own identity."""

JobID = Annotated[str, Field(description="Id of the job; the newest submission of that id is meant.")]
GateID = Annotated[str, Field(description="Id of the gate, such as hitl-gate-draft, or of the job before it.")]
Comment = Annotated[str, Field(description="Why; kept with the decision.")]
RunID = Annotated[str | None, Field(description="Groups several DAGs into one agent run.")]
FIELDS_OF_AGENTS = [field for field in FIELDS.values() if field.is_for_agents]
Jobs = Annotated[
    list[dict[str, Any]] | str,
    Field(
        description="Jobs, each an object: job_id, script_content (the Python code itself) or filename, and if wanted "
        + ", ".join(
            field.name for field in FIELDS_OF_AGENTS if field.name not in ("job_id", "script_content", "filename")
        )
        + "."
    ),
]
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


def build_server(client: "TitanClient") -> "MCPServer":
    """The server with all tools, working through a client."""
    from mcp.server.mcpserver import MCPServer

    # Only what is wrong goes to stderr: the agent's host shows it to people.
    server = MCPServer("titan", instructions=INSTRUCTIONS, log_level="WARNING")
    tool = server.tool(structured_output=False)

    @tool
    def ping_master() -> str:
        """Check that Titan and its store answer, and as whom it knows you."""
        return _ping_master_impl(client)

    def submit_single_job(given: dict[str, Any]) -> str:
        """Run one job that stands alone."""
        return _submit_single_job_impl(client, **given)

    tool(take_one_by_one(submit_single_job, map(parameter_of, FIELDS_OF_AGENTS)))

    @tool
    def submit_dag_pipeline(name: str, jobs: Jobs, agent_run_id: RunID = None) -> str:
        """Run linked jobs as one DAG. Children start when their parents have succeeded, in the parents' files."""
        return _submit_dag_pipeline_impl(client, name, jobs, agent_run_id)

    @tool
    def submit_yaml_pipeline(yaml_path: str, agent_run_id: RunID = None) -> str:
        """Run the pipeline of a YAML file on this machine; its folder goes along."""
        return _submit_yaml_pipeline_impl(client, yaml_path, agent_run_id)

    @tool
    def get_job_status(job_id: JobID) -> str:
        """PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, or NULL for what is unknown; also of a gate."""
        return _get_job_status_impl(client, job_id)

    @tool
    def get_job_logs(job_id: JobID) -> str:
        """What the newest attempt of a job printed."""
        return _get_job_logs_impl(client, job_id)

    @tool
    def tail_job_logs(job_id: JobID, lines: int = 50) -> str:
        """The last lines that a job printed."""
        return _tail_job_logs_impl(client, job_id, lines)

    @tool
    def wait_for_completion(
        target: Annotated[str, Field(description="Name of a DAG, or id of a job.")], timeout_seconds: float = 30
    ) -> str:
        """Wait until a DAG or a job has ended, or the time is over; then ask again."""
        return _wait_for_completion_impl(client, target, timeout_seconds)

    @tool
    def list_dags(agent_run_id: RunID = None, limit: int = 20) -> str:
        """The newest DAGs with their phases."""
        return _list_dags_impl(client, agent_run_id, limit)

    @tool
    def approve_hitl_gate(gate_id: GateID, comment: Comment = "") -> str:
        """Approve at a gate of somebody else's job."""
        return _approve_hitl_gate_impl(client, gate_id, comment)

    @tool
    def reject_hitl_gate(gate_id: GateID, comment: Comment = "") -> str:
        """Reject at a gate of somebody else's job."""
        return _reject_hitl_gate_impl(client, gate_id, comment)

    @tool
    def store_get(key: str) -> str:
        """A value that jobs and people share; NULL for a missing key."""
        return _store_get_impl(client, key)

    @tool
    def store_put(key: str, value: str) -> str:
        """Store a value durably."""
        return _store_put_impl(client, key, value)

    @tool
    def deploy_script(filepath: str) -> str:
        """Upload a script, which jobs may then name without having the file."""
        return _deploy_script_impl(client, filepath)

    return server


def main(namespace: str | None = None, context: str | None = None) -> None:
    """Serve stdin and stdout until the client leaves."""
    from titan_sdk.client import TitanClient

    build_server(TitanClient(namespace, context)).run("stdio")


if __name__ == "__main__":
    main()

"""An agent's host starts ``titan mcp`` over stdio and works through the official client library."""

import json
import sys
from typing import Any

from builders.kubernetes.clusters import RunningCluster
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

JOBS = [
    {"job_id": "mcp-plan", "script_content": "print('planned')", "hitl_message": "Go on?"},
    {"job_id": "mcp-act", "script_content": "print('acted')", "parents": ["mcp-plan"]},
]


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    (content,) = (await client.call_tool(tool, arguments)).content
    return dict(json.loads(content.text))


async def test_an_agent_submits_waits_and_reads_but_does_not_approve_its_own_work(cluster: RunningCluster) -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "titan_sdk.cli", "mcp"], env=dict(cluster.env))
    async with Client(server) as client:
        assert (await call(client, "ping_master"))["status"] == "ok"
        submitted = await call(client, "submit_dag_pipeline", name="mcp", jobs=JOBS, agent_run_id="mcp-run")
        assert (submitted["status"], submitted["job_ids"]) == ("submitted", ["mcp-plan", "mcp-act"])
        waited = await call(client, "wait_for_completion", target="mcp-plan", timeout_seconds=60)
        assert (waited["ended"], waited["phase"]) == (True, "Succeeded")
        assert (await call(client, "get_job_logs", job_id="mcp-plan"))["logs"] == "planned\n"
        refused = await call(client, "approve_hitl_gate", gate_id="hitl-gate-mcp-plan")
        assert (refused["status"], "its own work" in refused["message"]) == ("error", True)
        assert (await call(client, "get_job_status", job_id="mcp-act"))["job_status"] == "PENDING"
        assert (await call(client, "store_put", key="mcp", value="1"))["status"] == "ok"
        assert (await call(client, "store_get", key="mcp"))["value"] == "1"
        (listed,) = (await call(client, "list_dags", agent_run_id="mcp-run"))["dags"]
        assert (listed["name"], listed["agent_run_id"]) == (submitted["name"], "mcp-run")

"""The MCP server as the official client library sees it: in memory, and over stdio as an agent's host starts it."""

import json
import sys

import pytest
from builders.sdk.sdk_clients import client_of
from builders.sdk.sdk_cluster import FakeCluster
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from titan_sdk.mcp.server import build_server

TOOLS = {
    "ping_master", "submit_single_job", "submit_dag_pipeline", "submit_yaml_pipeline", "get_job_status",
    "get_job_logs", "approve_hitl_gate", "reject_hitl_gate", "store_get", "store_put", "deploy_script",
    "wait_for_completion", "list_dags", "tail_job_logs",
}  # fmt: skip


def text_of(result):
    (content,) = result.content
    return json.loads(content.text)


async def test_every_tool_is_offered_and_says_what_it_is_for():
    async with Client(build_server(client_of(FakeCluster()))) as client:
        tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description for tool in tools)


async def test_tools_reach_the_cluster_and_answer_with_json():
    cluster = FakeCluster()
    async with Client(build_server(client_of(cluster))) as client:
        jobs = [{"job_id": "a", "script_content": "print(1)"}]
        submitted = text_of(await client.call_tool("submit_dag_pipeline", {"name": "night", "jobs": jobs}))
        status = text_of(await client.call_tool("get_job_status", {"job_id": "a"}))
        alone = text_of(await client.call_tool("submit_single_job", {"job_id": "b", "script_content": "print(2)"}))
    assert (submitted["status"], alone["status"]) == ("submitted", "submitted")
    assert submitted["name"] in cluster.objects["titandags"]
    assert status == {"status": "ok", "job_id": "a", "job_status": "PENDING"}


@pytest.mark.parametrize(
    "module", [["titan_sdk.titan_mcp_server"], ["titan_sdk.cli", "mcp"]], ids=["module", "titan mcp"]
)
async def test_over_stdio_without_any_cluster_the_answer_is_an_error_and_the_server_lives_on(module, tmp_path):
    env = {"HOME": str(tmp_path), "TITAN_HOME": str(tmp_path), "KUBECONFIG": ""}
    parameters = StdioServerParameters(command=sys.executable, args=["-m", *module], env=env)
    async with Client(parameters) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        first = text_of(await client.call_tool("ping_master", {}))
        second = text_of(await client.call_tool("get_job_status", {"job_id": "a"}))
    assert first["status"] == second["status"] == "error"
    assert "there are no Kubernetes credentials" in first["message"]

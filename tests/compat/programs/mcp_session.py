"""An agent's host: the official client of the protocol, over stdio."""

import asyncio
import json
import os
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

PIPELINE = "name: mcp_yaml\nproject: false\njobs:\n  - {id: mcp_yml, file: mcp_worker.py}\n"
TOOLS = [
    "ping_master", "submit_single_job", "submit_dag_pipeline", "submit_yaml_pipeline", "get_job_status", "get_job_logs",
    "approve_hitl_gate", "reject_hitl_gate", "store_get", "store_put", "deploy_script",
]  # fmt: skip


async def main():
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "titan_sdk.titan_mcp_server"], env=dict(os.environ)
    )
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        offered = [tool.name for tool in (await session.list_tools()).tools]
        print("missing:", [tool for tool in TOOLS if tool not in offered])

        async def call(tool, **arguments):
            return json.loads((await session.call_tool(tool, arguments)).content[0].text)

        async def finish(job_id):
            while (status := (await call("get_job_status", job_id=job_id))["job_status"]) in ("PENDING", "RUNNING"):
                await asyncio.sleep(0.1)
            return status

        print("ping_master", (await call("ping_master"))["status"])
        print("store_put", (await call("store_put", key="mcp:key", value="Größe"))["status"])
        print("store_get", (await call("store_get", key="mcp:key"))["value"])
        single = await call("submit_single_job", job_id="mcp_single", script_content="print('single')")
        print("submit_single_job", single["status"], await finish("mcp_single"))
        print("get_job_logs", (await call("get_job_logs", job_id="mcp_single"))["logs"].strip())
        jobs = [
            {"job_id": "mcp_draft", "script_content": "print('draft')", "hitl_message": "Publish?"},
            {"job_id": "mcp_publish", "script_content": "print('never')", "parents": ["mcp_draft"]},
        ]
        print(
            "submit_dag_pipeline",
            (await call("submit_dag_pipeline", name="mcp_dag", jobs=jobs))["status"],
            await finish("mcp_draft"),
        )
        for tool in ("approve_hitl_gate", "reject_hitl_gate"):
            answer = await call(tool, gate_id="hitl-gate-mcp_draft")
            print(tool, answer["status"], "own work" in answer["message"])
        print("gate", (await call("get_job_status", job_id="hitl-gate-mcp_draft"))["job_status"])
        print("deploy_script", (await call("deploy_script", filepath="mcp_worker.py"))["status"])
        print(
            "submit_yaml_pipeline",
            (await call("submit_yaml_pipeline", yaml_path="pipeline.yaml"))["status"],
            await finish("mcp_yml"),
        )
        for tool, arguments in {
            "submit_yaml_pipeline": {"yaml_path": "ghost.yaml"},
            "submit_dag_pipeline": {"name": "x", "jobs": [{"job_id": "a", "script_content": "1", "parents": ["a"]}]},
            "deploy_script": {"filepath": "ghost.py"},
            "approve_hitl_gate": {"gate_id": "mcp_ghost"},
        }.items():
            answer = await call(tool, **arguments)
            print(tool, answer["status"], bool(answer["message"]))


Path("mcp_worker.py").write_text("print('worker')\n")
Path("pipeline.yaml").write_text(PIPELINE)
asyncio.run(main())

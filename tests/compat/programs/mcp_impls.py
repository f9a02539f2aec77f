"""Each tool has a function that takes a client."""

import json

from titan_sdk import TitanClient, titan_mcp_server

client = TitanClient()
NAMES = [
    "ping_master", "submit_single_job", "submit_dag_pipeline", "submit_yaml_pipeline", "get_job_status", "get_job_logs",
    "approve_hitl_gate", "reject_hitl_gate", "store_get", "store_put", "deploy_script",
]  # fmt: skip
print(all(callable(getattr(titan_mcp_server, f"_{name}_impl")) for name in NAMES))
print(json.loads(titan_mcp_server._ping_master_impl(client))["status"])
print(json.loads(titan_mcp_server._get_job_status_impl(client, "mi_ghost"))["job_status"])
print(json.loads(titan_mcp_server._store_put_impl(client, "mi:key", "value"))["status"])
print(json.loads(titan_mcp_server._store_get_impl(client, "mi:key"))["value"])

"""The tools' own functions, as tests of agents call them; the gate was submitted by somebody else."""

import json
import sys

from titan_sdk import TitanClient
from titan_sdk.titan_mcp_server import _approve_hitl_gate_impl, _reject_hitl_gate_impl

client = TitanClient()
print(json.loads(_approve_hitl_gate_impl(client, f"hitl-gate-{sys.argv[1]}"))["status"])
print(json.loads(_reject_hitl_gate_impl(client, f"hitl-gate-{sys.argv[2]}"))["status"])

"""The keywords that the earlier Titan did not have."""

import sys

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

FLAKY = """
import os, sys
print("attempt", os.environ["TITAN_ATTEMPT"], os.environ["SEED"])
sys.exit(0 if os.environ["TITAN_ATTEMPT"] == "3" else 1)
"""
client = TitanClient()
client.set_secret("rich-secret", {"RICH_TOKEN": "s3cret"})
jobs = [
    TitanJob("rich_flaky", script("flaky.py", FLAKY), retries=2, backoff=1, env={"SEED": "7"}),
    TitanJob("rich_slow", script_content="import time; time.sleep(600)", retries=0, timeout=1),
    TitanJob("rich_secret", script_content="import os; print(len(os.environ['RICH_TOKEN']))", secrets=["rich-secret"]),
    TitanJob("rich_big", script_content="print('big')", image=sys.argv[1], resources={"cpu": "500m", "memory": "1Gi"}),
    TitanJob("rich_gpu", script_content="print('gpu')", gpus=1),
    TitanJob(
        "rich_gate",
        script_content="print('gate')",
        hitl_message="?",
        approvers=["ada", "group:leads"],
        required_approvals=2,
    ),
]
print(client.submit_dag("rich", jobs))
print(finish(client, "rich_flaky", "rich_slow", "rich_secret", "rich_big", "rich_gpu", "rich_gate"))
print(client.fetch_logs("rich_flaky") + client.fetch_logs("rich_secret"), end="")
print(client.delete_secret("rich-secret"))

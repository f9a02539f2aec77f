"""Runs long enough for its worker to be killed: prints when the job runs, and how all ended."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

LONG = """
import time
from titan_sdk import TitanClient
print("begun", flush=True)
while TitanClient().store_get("dk:go") == "NULL":
    time.sleep(0.05)
"""
client = TitanClient()
client.submit_dag(
    "dk",
    [
        TitanJob("dk_job", script("long.py", LONG)),
        TitanJob("dk_child", script_content="print('child')", parents=["dk_job"]),
    ],
)
until(lambda: client.fetch_logs("dk_job"))
print("running", flush=True)
input()
client.store_put("dk:go", "now")
print(finish(client, "dk_job", "dk_child"))

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

LIVE = """
import time
from titan_sdk import TitanClient
print("first line")
while TitanClient().store_get("logs:go") == "NULL":
    time.sleep(0.05)
print("last line")
"""
client = TitanClient()
silent = TitanJob("logs_silent", script("silent.py", "pass\n"))
print(client.submit_dag("logs", [TitanJob("logs_live", script("live.py", LIVE)), silent]))
print(repr(client.fetch_logs("logs_ghost")))
until(lambda: client.fetch_logs("logs_live") == "first line\n")
until(lambda: client.get_job_status("logs_live") == "RUNNING")
print("live while it runs")
client.store_put("logs:go", "now")
print(
    finish(client, "logs_live", "logs_silent"),
    repr(client.fetch_logs("DAG-logs_live")),
    repr(client.fetch_logs("logs_silent")),
)

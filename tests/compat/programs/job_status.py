"""All words that a status can be, with and without the prefix; the newest submission of an id wins."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

WAIT = """
import time
from titan_sdk import TitanClient
print("running", flush=True)
while TitanClient().store_get("stat:go") == "NULL":
    time.sleep(0.05)
"""
client = TitanClient()
print(client.get_job_status("stat_ghost"), client.get_job_status("DAG-stat_ghost"))
jobs = [
    TitanJob("stat_wait", script("wait.py", WAIT)),
    TitanJob("stat_after", script("after.py", "print('after')\n"), parents=["stat_wait"]),
    TitanJob("stat_bad", script("bad.py", "raise SystemExit(1)\n"), retries=0),
    TitanJob("stat_child", "after.py", parents=["stat_bad"]),
    TitanJob("stat_grandchild", "after.py", parents=["stat_child"]),
]
print(client.submit_dag("stat", jobs))
until(lambda: client.get_job_status("stat_wait") == "RUNNING")
print(client.get_job_status("stat_wait"), client.get_job_status("DAG-stat_after"))
print(finish(client, "stat_bad", "stat_child", "stat_grandchild"))
client.store_put("stat:go", "now")
print(finish(client, "stat_wait", "DAG-stat_after"))
again = TitanJob("stat_bad", script_content="print('good now')")
print(client.submit_dag("stat", [again]), finish(client, "stat_bad"), client.fetch_logs("stat_bad").strip())

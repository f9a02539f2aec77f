"""One job at a time fits; the others queue up behind a job that waits for a word in the store."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

BLOCKER = """
import time
from titan_sdk import TitanClient
client = TitanClient()
client.store_put("prio:blocking", "yes")
while client.store_get("prio:go") == "NULL":
    time.sleep(0.05)
"""
PRIORITIES = {"prio_low": 1, "prio_mid_1": 5, "prio_mid_2": 5, "prio_top_11": 11, "prio_top_10": 10, "prio_top_50": 50}
client = TitanClient()
whole = {"cpu": 4}
print(client.submit_job(TitanJob("prio_blocker", script("blocker.py", BLOCKER), priority=10, resources=whole)))
until(lambda: client.store_get("prio:blocking") == "yes")
path = script("work.py", "import time\nprint(time.time())\n")
for job_id, priority in PRIORITIES.items():
    client.submit_job(TitanJob(job_id, path, priority=priority, resources=whole))
    until(lambda job_id=job_id: "Insufficient cpu" in client.get_job(job_id).message)
client.store_put("prio:go", "now")
print(set(finish(client, "prio_blocker", *PRIORITIES)))
print(sorted(PRIORITIES, key=lambda job_id: float(client.fetch_logs(job_id))))

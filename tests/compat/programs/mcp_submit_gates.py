"""Two gates, submitted from inside a pod, that is by another identity."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

PLANNER = """
from titan_sdk import TitanClient, TitanJob
jobs = [TitanJob(job_id, script_content="print('x')", hitl_message="?") for job_id in ("md_yes", "md_no")]
print(TitanClient().submit_dag("md_gates", jobs))
"""
client = TitanClient()
print(client.submit_job(TitanJob("md_planner", script("planner.py", PLANNER))), finish(client, "md_planner"))
until(lambda: {client.get_job_status(f"hitl-gate-{job}") for job in ("md_yes", "md_no")} == {"RUNNING"})

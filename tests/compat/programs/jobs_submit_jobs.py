"""A planner in a pod submits the next stage, waits for it and reads its log."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

PLANNER = """
import time
from titan_sdk import TitanClient, TitanJob
client = TitanClient()
worker = TitanJob("plan_worker", script_content="print('planned work')")
checker = TitanJob("plan_checker", script_content="print('checked')", parents=["plan_worker"])
print(client.submit_dag("plan_stage", [worker, checker], agent_run_id="plan-run-1"))
while client.get_job_status("plan_checker") in ("PENDING", "RUNNING"):
    time.sleep(0.1)
print(client.get_job_status("plan_checker"), client.fetch_logs("plan_worker").strip())
"""
client = TitanClient()
planner = TitanJob("plan_planner", script("planner.py", PLANNER))
print(client.submit_dag("plan", [planner], agent_run_id="plan-run-1"), finish(client, "plan_planner"))
print(client.fetch_logs("plan_planner"), end="")
print([dag.display_name for dag in reversed(client.list_dags(agent_run_id="plan-run-1"))])

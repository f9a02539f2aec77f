"""An agent's work as three DAGs that share one agent run: PLAN, then EXECUTE, then SYNTH.

The agent does not know beforehand which jobs it will need: it reads the plan that the first DAG left in TitanStore
and builds the second DAG from it. The shared `agent_run_id` ties the three together, so that `list_dags` (and later
the dashboard) shows them as one piece of work.

    python examples/agent_run/main.py
"""

import uuid
from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()
run_id = uuid.uuid4().hex[:12]

planner_job = TitanJob("planner", str(HERE / "planner.py"), args=run_id)
plan = client.submit_dag("PLAN", [planner_job], agent_run_id=run_id)
client.wait(plan, timeout=120)
topics = sorted(client.store_smembers(f"{run_id}:topics"))
print(f"PLAN found {len(topics)} topics: {', '.join(topics)}")

executor_jobs = [TitanJob(f"research_{topic}", str(HERE / "research.py"), args=[run_id, topic]) for topic in topics]
execute = client.submit_dag("EXECUTE", executor_jobs, agent_run_id=run_id)
client.wait(execute, timeout=120)
for topic in topics:
    print(f"EXECUTE {topic}: {client.store_get(f'{run_id}:note:{topic}')}")

synthesis_job = TitanJob("synthesis", str(HERE / "synthesis.py"), args=[run_id, *topics])
synth = client.submit_dag("SYNTH", [synthesis_job], agent_run_id=run_id)
client.wait(synth, timeout=120)
print(f"SYNTH {client.fetch_logs('synthesis').strip()}")

stages = {dag.display_name: dag.phase for dag in client.list_dags(agent_run_id=run_id)}
print("run:", ", ".join(f"{name} {stages[name]}" for name in ("PLAN", "EXECUTE", "SYNTH")))

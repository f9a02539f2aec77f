"""Linking multiple DAGs into one agent run, as in the reference."""

import uuid

from habits import finish

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
run_id = uuid.uuid4().hex[:12]
for stage in ("PLAN", "EXECUTE", "SYNTH"):
    job = TitanJob(f"agent_{stage}", script_content=f"print('{stage}')")
    print(client.submit_dag(stage, [job], agent_run_id=run_id), finish(client, job.job_id))
print([stage.display_name for stage in client.agent_run(run_id).stages])

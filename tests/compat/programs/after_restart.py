"""Ordinary work shows that the operator is at work again; nothing behind a gate ran."""

from habits import finish

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
print(client.submit_dag("rs_again", [TitanJob("rs_work", script_content="print('worked')")]), finish(client, "rs_work"))
for name in ("pending", "rejected", "timed"):
    child = f"rs_{name}_child"
    print(client.get_job_status(f"hitl-gate-rs_{name}"), client.get_job_status(child), repr(client.fetch_logs(child)))
print(client.store_get("rs:value"), sorted(client.store_smembers("rs:set")))
print(client.store_put("titan:hitl:status:hitl-gate-rs_pending", "APPROVED"), finish(client, "rs_pending_child"))

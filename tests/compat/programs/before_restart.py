"""Three gates, one pending, one rejected, one timed out; values and sets."""

from habits import finish, until

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
jobs = []
for name, seconds in (("pending", 172_800), ("rejected", 172_800), ("timed", 1)):
    jobs.append(TitanJob(f"rs_{name}", script_content="print('asked')", hitl_message="?", max_wait_seconds=seconds))
    jobs.append(TitanJob(f"rs_{name}_child", script_content="print('ran')", parents=[f"rs_{name}"]))
print(client.submit_dag("rs", jobs))
until(lambda: client.get_job_status("hitl-gate-rs_rejected") == "RUNNING")
client.store_put("titan:hitl:status:hitl-gate-rs_rejected", "REJECTED")
print(finish(client, "hitl-gate-rs_rejected", "hitl-gate-rs_timed"))
until(lambda: client.get_job_status("hitl-gate-rs_pending") == "RUNNING")
print(
    client.store_put("rs:value", "Größe 🙂"), [client.store_sadd("rs:set", member) for member in ("a,b", "漢字", "a,b")]
)

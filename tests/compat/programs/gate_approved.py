"""An old program that decides by the keys of the store."""

from habits import finish, until

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
GATE = "hitl-gate-ga_draft"
draft = TitanJob("ga_draft", script_content="print('draft')", hitl_message="Publish the draft?")
publish = TitanJob("ga_publish", script_content="print('published')", parents=["ga_draft"])
# What is said of a gate that nobody has asked for yet must not be remembered for one that somebody will.
print(client.store_put(f"titan:hitl:status:{GATE}", "APPROVED").partition(" ")[0])
print(client.store_get(f"titan:hitl:status:{GATE}"), GATE in client.store_smembers("titan:hitl:queue"))
print(client.submit_dag("ga", [draft, publish]))
until(lambda: client.store_get(f"titan:hitl:status:{GATE}") == "WAITING")
print(client.get_job_status(GATE), client.get_job_status("ga_draft"), client.get_job_status("ga_publish"))
print(client.store_get(f"titan:hitl:message:{GATE}"), GATE in client.store_smembers("titan:hitl:queue"))
print([(gate.gate_id, gate.message) for gate in client.pending_approvals() if gate.job_id == "ga_draft"])
print(client.store_put(f"titan:hitl:status:{GATE}", "APPROVED"), client.store_get(f"titan:hitl:status:{GATE}"))
print(finish(client, GATE, "ga_publish"), GATE in client.store_smembers("titan:hitl:queue"))
print(client.store_put(f"titan:hitl:status:{GATE}", "REJECTED").partition(" ")[0], client.get_job_status(GATE))

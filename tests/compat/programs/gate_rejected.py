from habits import finish, until

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
GATE = "hitl-gate-gr_draft"
draft = TitanJob("gr_draft", script_content="print('draft')", hitl_message="Publish?")
publish = TitanJob("gr_publish", script_content="print('must not run')", parents=["gr_draft"])
after = TitanJob("gr_after", script_content="print('must not run')", parents=["gr_publish"])
print(client.submit_dag("gr", [draft, publish, after]))
until(lambda: client.get_job_status(GATE) == "RUNNING")
print(client.store_put(f"titan:hitl:status:{GATE}", "REJECTED"), client.store_get(f"titan:hitl:status:{GATE}"))
print(finish(client, GATE, "gr_draft", "gr_publish", "gr_after"), repr(client.fetch_logs("gr_publish")))

from habits import finish

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
GATE = "hitl-gate-gc_draft"
draft = TitanJob("gc_draft", script_content="raise SystemExit(1)", hitl_message="Never asked", retries=0)
print(client.submit_dag("gc", [draft, TitanJob("gc_publish", script_content="print('no')", parents=["gc_draft"])]))
print(finish(client, "gc_draft", "gc_publish", GATE), client.store_get(f"titan:hitl:status:{GATE}"))
print(GATE in client.store_smembers("titan:hitl:queue"))

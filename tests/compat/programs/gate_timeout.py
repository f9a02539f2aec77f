"""One second, once, although the job has three retries and used one of them."""

from habits import finish

from titan_sdk import TitanClient, TitanJob

FLAKY = "import os, sys; print('attempt', os.environ['TITAN_ATTEMPT']); sys.exit(os.environ['TITAN_ATTEMPT'] == '1')"
client = TitanClient()
GATE = "hitl-gate-gt_draft"
draft = TitanJob("gt_draft", script_content=FLAKY, hitl_message="Quick!", max_wait_seconds=1, retries=3, backoff=0)
publish = TitanJob("gt_publish", script_content="print('must not run')", parents=["gt_draft"])
print(client.submit_dag("gt", [draft, publish]))
print(finish(client, GATE, "gt_publish", "gt_draft"), client.store_get(f"titan:hitl:status:{GATE}"))
print(client.fetch_logs("gt_draft").strip(), client.get_job("gt_draft").attempt)

"""What ``helm test`` runs inside the cluster: two jobs, one value between them, and the log of the second."""

import sys

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
write = TitanJob(
    "write",
    script_content="from titan_sdk import TitanClient; TitanClient().store_put('helm-test', 'Titan works')",
)
read = TitanJob(
    "read",
    script_content="from titan_sdk import TitanClient; print(TitanClient().store_get('helm-test'))",
    parents=["write"],
)
dag = client.submit_dag("helm-test", [write, read], ttl=300)
client.wait(dag, timeout=240)
log = client.fetch_logs("read")
sys.stdout.write(log)
if "Titan works" not in log:
    sys.exit(f"the log of the second job is {log!r}; {client.why('read')}")

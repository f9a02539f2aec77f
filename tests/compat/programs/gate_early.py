"""An approval before the gate opens is kept, for that submission only; the next run of the same program waits."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

SLOW = """
import time
from titan_sdk import TitanClient
while TitanClient().store_get("ge:go") == "NULL":
    time.sleep(0.05)
"""
client = TitanClient()
GATE = "hitl-gate-ge_draft"


def submit():
    draft = TitanJob("ge_draft", script("slow.py", SLOW), hitl_message="Publish?")
    return client.submit_dag(
        "ge", [draft, TitanJob("ge_publish", script_content="print('published')", parents=["ge_draft"])]
    )


print(submit(), client.get_job_status("ge_publish"))
print(client.store_put(f"titan:hitl:status:{GATE}", "APPROVED"), client.get_job_status("ge_publish"))
client.store_put("ge:go", "now")
print(finish(client, GATE, "ge_publish"))

second = submit()
until(lambda: client.get_job_status(GATE) == "RUNNING")
print(
    client.store_get(f"titan:hitl:status:{GATE}"),
    client.get_job_status("ge_draft"),
    client.get_job_status("ge_publish"),
)
until(lambda: client.get_dag(second.name).waiting_approvals == 1)
print(repr(client.fetch_logs("ge_publish")))
client.reject(GATE)
print(finish(client, GATE, "ge_publish"))

"""A gate: a person decides whether the jobs behind it run.

`hitl_message` puts a gate after `draft`. The draft itself runs at once; `publish` waits, and holds no pod while it
waits. Here the program plays the person, once saying yes and once saying no; on a terminal it would be

    titan approvals
    titan approve hitl-gate-draft -m "looks good"

    python examples/gate/main.py
"""

import time
from pathlib import Path

from titan_sdk import TitanClient, TitanJob

HERE = Path(__file__).parent

client = TitanClient()


def submit():
    draft = TitanJob("draft", str(HERE / "draft.py"), hitl_message="Publish the draft?")
    publish = TitanJob("publish", str(HERE / "publish.py"), parents=["draft"])
    return client.submit_dag("gate", [draft, publish])


def wait_for_gate(dag):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for gate in client.pending_approvals():
            if gate.dag == dag.name:
                return gate
        time.sleep(0.1)
    raise SystemExit("the gate did not open")


def show_statuses():
    for job_id in ("draft", "hitl-gate-draft", "publish"):
        print(f"  {job_id}: {client.get_job_status(job_id)}")


print("First time:")
dag = submit()
gate = wait_for_gate(dag)
print(f"  {gate.gate_id} asks: {gate.message}")
show_statuses()
client.approve(gate.gate_id, comment="looks good")
client.wait(dag, timeout=120)
print("Approved:")
show_statuses()

print("Second time:")
dag = submit()
gate = wait_for_gate(dag)
client.reject(gate.gate_id, comment="not today")
client.wait(dag, timeout=120)
print("Rejected:")
show_statuses()

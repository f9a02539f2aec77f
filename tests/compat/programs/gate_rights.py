"""Decisions carry the caller's name, and the rights of the caller decide: a job may not approve, nor may just anybody."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

AGENT = """
from titan_sdk import TitanClient
client = TitanClient()
print(client.store_put("titan:hitl:status:hitl-gate-rights_open", "APPROVED").partition(" ")[0])
"""
client = TitanClient()
jobs = [
    TitanJob("rights_open", script_content="print('x')", hitl_message="Anybody with rights"),
    TitanJob("rights_ada", script_content="print('x')", hitl_message="Only Ada", approvers=["ada"]),
]
print(client.submit_dag("rights", jobs))
until(lambda: {client.get_job_status(f"hitl-gate-{job.job_id}") for job in jobs} == {"RUNNING"})
print(client.submit_job(TitanJob("rights_agent", script("agent.py", AGENT))), finish(client, "rights_agent"))
print(client.fetch_logs("rights_agent").strip(), client.get_job_status("hitl-gate-rights_open"))
print(client.store_put("titan:hitl:status:hitl-gate-rights_ada", "APPROVED"))
print(
    client.approve("hitl-gate-rights_open", "looks fine").phase in ("Pending", "Approved"),
    finish(client, "hitl-gate-rights_open"),
)
(decision,) = client.get_gate("rights_open").decisions
print(decision.user == client.whoami(), decision.verdict, decision.comment)

from habits import finish, until

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
answer = client.submit_job(TitanJob("alone_job", script_content="open('f', 'w').write('x'); print('alone')"))
print(
    answer,
    answer == "DAG_ACCEPTED",
    answer.job_ids,
    finish(client, "alone_job"),
    client.fetch_logs("alone_job").strip(),
)
print(client.get_job("alone_job").dag, client.get_job("alone_job").name == answer.name)
other = client.submit_job(TitanJob("alone_other", script_content="import os; print(os.path.exists('f'))"))
print(other, finish(client, "alone_other"), client.fetch_logs("alone_other").strip())
gated = client.submit_job(TitanJob("alone_gated", script_content="print('gated')", hitl_message="Fine?"))
until(lambda: client.get_job_status("hitl-gate-alone_gated") == "RUNNING")
print(
    gated, client.get_job_status("alone_gated"), client.store_put("titan:hitl:status:hitl-gate-alone_gated", "APPROVED")
)
print(finish(client, "hitl-gate-alone_gated"))

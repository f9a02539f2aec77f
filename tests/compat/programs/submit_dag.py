from habits import finish

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
jobs = [
    TitanJob("sub_a", script_content="print('a')"),
    TitanJob("sub_b", script_content="print('b')", parents=["sub_a"]),
]
answer = client.submit_dag("sub_dag", jobs, "sub-run-1")
print(answer, answer == "DAG_ACCEPTED", isinstance(answer, str), answer.job_ids)
print(finish(client, "sub_a", "sub_b"), client.wait(answer).phase)
(dag,) = client.list_dags(agent_run_id="sub-run-1")
print(dag.name == answer.name, dag.display_name)

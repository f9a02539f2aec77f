"""Six waiting gates where two pods fit; then ordinary work."""

from habits import finish, until

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
gates = [f"many_{number}" for number in range(6)]
dag = client.submit_dag("many", [TitanJob(gate, script_content="print('asked')", hitl_message="?") for gate in gates])
until(lambda: {client.get_job_status(f"hitl-gate-{gate}") for gate in gates} == {"RUNNING"})
print(
    client.submit_dag(
        "many_work", [TitanJob(f"many_work_{number}", script_content="print('worked')") for number in range(3)]
    )
)
print(finish(client, "many_work_0", "many_work_1", "many_work_2"))
print({client.get_job_status(f"hitl-gate-{gate}") for gate in gates})

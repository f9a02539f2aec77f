"""Graphs that cannot run are refused with the ids at fault, and nothing of them is sent."""

from titan_sdk import TitanClient, TitanJob


def job(job_id, *parents):
    return TitanJob(job_id, script_content="print('never')", parents=list(parents))


GRAPHS = {
    "cycle": [job("wrong_root"), job("wrong_x", "wrong_z"), job("wrong_y", "wrong_x"), job("wrong_z", "wrong_y")],
    "unknown parent": [job("wrong_a"), job("wrong_b", "wrong_ghost")],
    "duplicate id": [job("wrong_twin"), job("wrong_twin")],
    "self-parent": [job("wrong_self", "DAG-wrong_self")],
    "empty list": [],
}
client = TitanClient()
for name, jobs in GRAPHS.items():
    try:
        print(name, client.submit_dag("wrong", jobs))
    except ValueError as error:
        print(f"{name}: {error}")
print({client.get_job_status(job.job_id) for jobs in GRAPHS.values() for job in jobs})
print([dag.name for dag in client.list_dags() if dag.display_name == "wrong"])

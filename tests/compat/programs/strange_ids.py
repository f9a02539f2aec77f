from habits import finish

from titan_sdk import TitanClient, TitanJob

IDS = [
    "Odd_Upper",
    "odd_upper",
    "odd-upper",
    "odd.v1.2",
    "ODD__x",
    "odd größe",
    "奇妙",
    "odd:1/2",
    "DAG-odd",
    "odd" * 60,
]
client = TitanClient()
content = "import os\nprint(os.environ['TITAN_JOB_ID'])"
jobs = [
    TitanJob(job_id, script_content=content, parents=IDS[:1] if number else None) for number, job_id in enumerate(IDS)
]
submitted = client.submit_dag("Odd_DAG größe.v1", jobs)
print(submitted, list(submitted.job_ids) == IDS, set(finish(client, *IDS)))
print([client.fetch_logs(job_id) == f"{job_id}\n" for job_id in IDS])

"""Ten pairs of parallel jobs whose scripts share a basename."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
folders = [f"{side}{number}" for number in range(10) for side in ("left", "right")]
jobs = [TitanJob(f"base_{folder}", script(f"{folder}/step.py", f"print('I am {folder}')\n")) for folder in folders]
print(client.submit_dag("base", jobs), set(finish(client, *(job.job_id for job in jobs))))
print(sum(client.fetch_logs(f"base_{folder}") == f"I am {folder}\n" for folder in folders), "of", len(folders))

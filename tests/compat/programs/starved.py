"""Jobs for hardware that nobody has, and then ordinary work."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
path = script("work.py", "print('worked')\n")
hopeless = [
    TitanJob(f"starve_{tag}_{number}", path, requirement=tag, priority=10)
    for tag in ("GPU", "TPU")
    for number in range(6)
]
waiting = client.submit_dag("starve_hopeless", hopeless)
print(waiting, client.submit_dag("starve_ordinary", [TitanJob(f"starve_{number}", path) for number in range(4)]))
print(finish(client, *(f"starve_{number}" for number in range(4))))
print({client.get_job_status(job.job_id) for job in hopeless})
client.cancel(waiting.name)

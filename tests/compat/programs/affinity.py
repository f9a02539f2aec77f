from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
path = script("work.py", "print('worked')\n")
jobs = []
for number, tag in enumerate(("GPU", "HIGH_MEM", "GENERAL")):
    jobs.append(TitanJob(f"aff_parent_{number}", path, requirement=tag))
    jobs.append(TitanJob(f"aff_child_{number}", path, parents=[f"aff_parent_{number}"], affinity=True))
print(client.submit_dag("aff", jobs))
print(set(finish(client, *(job.job_id for job in jobs))))

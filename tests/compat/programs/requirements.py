from habits import finish, script

from titan_sdk import TitanClient, TitanJob

TAGS = ["GENERAL", "GPU", "HIGH_MEM", "PYTHON"]
client = TitanClient()
path = script("tagged.py", "print('ran')\n")
print(client.submit_dag("tags", [TitanJob(f"tag_{tag}", path, requirement=tag) for tag in TAGS]))
print(finish(client, *(f"tag_{tag}" for tag in TAGS)))

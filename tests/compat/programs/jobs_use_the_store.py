"""task_a and task_b of the reference: a data bus between jobs that are told nothing about where Titan is."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

TASK_A = """
from titan_sdk import TitanClient
client = TitanClient()
# Save a result globally before the task exits
client.store_put("task_123_accuracy", "98.5")
print(client.store_sadd("processed_files", "batch_A.csv"))
"""
TASK_B = """
from titan_sdk import TitanClient
client = TitanClient()
# Retrieve the data passed from Task A
accuracy = client.store_get("task_123_accuracy")
completed_files = client.store_smembers("processed_files")
print(f"Downstream task received accuracy: {accuracy}", completed_files)
"""
client = TitanClient()
jobs = [
    TitanJob("bus_a", script("task_a.py", TASK_A)),
    TitanJob("bus_b", script("task_b.py", TASK_B), parents=["bus_a"]),
]
print(client.submit_dag("bus", jobs), finish(client, "bus_a", "bus_b"))
print(client.fetch_logs("bus_a") + client.fetch_logs("bus_b"), end="")

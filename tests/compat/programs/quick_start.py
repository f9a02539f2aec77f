from habits import finish

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
hello = TitanJob(job_id="quick_hello", filename="hello.py", script_content="print('Hello from Titan')")
world = TitanJob("quick_world", script_content="print('and from a child')", parents=["quick_hello"])
print(client.submit_dag("quick", [hello, world]), finish(client, "quick_hello", "quick_world"))
print(client.fetch_logs("quick_hello") + client.fetch_logs("quick_world"), end="")

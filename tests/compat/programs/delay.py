"""A delay of 1,500 milliseconds begins when the parent is done, not at the submission."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
slow = script("slow.py", "import time\ntime.sleep(1)\nprint(time.time())\n")
child = TitanJob(
    "delay_child", script("child.py", "import time\nprint(time.time())\n"), parents=["delay_parent"], delay=1500
)
print(
    client.submit_dag("delay", [TitanJob("delay_parent", slow), child]), finish(client, "delay_parent", "delay_child")
)
gap = float(client.fetch_logs("delay_child")) - float(client.fetch_logs("delay_parent"))
print("waited" if 1.5 <= gap < 60 else gap)

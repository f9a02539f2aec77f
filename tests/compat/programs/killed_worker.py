"""The job kills what runs it, as an out-of-memory killer would; it runs again and its child goes on."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

SUICIDE = """
import os, signal
if os.environ["TITAN_ATTEMPT"] == "1":
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()
print("alive in attempt", os.environ["TITAN_ATTEMPT"])
"""
client = TitanClient()
jobs = [
    TitanJob("kw_job", script("suicide.py", SUICIDE)),
    TitanJob("kw_child", script_content="print('child')", parents=["kw_job"]),
]
print(client.submit_dag("kw", jobs), finish(client, "kw_job", "kw_child"))
print(client.fetch_logs("kw_job") + client.fetch_logs("kw_child"), end="")

"""Python is unbuffered, .sh is bash, and both streams are one log in the order of the prints."""

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

MIXED = """
import sys, time
from titan_sdk import TitanClient
for number in range(20):
    print("out", number)
    print("err", number, file=sys.stderr)
while TitanClient().store_get("once:go") == "NULL":
    time.sleep(0.05)
"""
client = TitanClient()
shell = script("shell.sh", 'array=(bash "$@")\necho "${array[@]}"\necho "to stderr" >&2\n')
jobs = [TitanJob("once_mixed", script("mixed.py", MIXED)), TitanJob("once_shell", shell, args="one two")]
print(client.submit_dag("once", jobs), finish(client, "once_shell"))
expected = "".join(f"out {number}\nerr {number}\n" for number in range(20))
until(lambda: client.fetch_logs("once_mixed") == expected)
until(lambda: client.get_job_status("once_mixed") == "RUNNING")
print("seen while it runs")
client.store_put("once:go", "now")
print(finish(client, "once_mixed"), client.fetch_logs("once_mixed") == expected)
print(client.fetch_logs("once_shell"), end="")

"""20,000 lines in each of two attempts: whole, in order, and of the newest attempt only."""

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

CHATTY = """
import os, sys
attempt = os.environ["TITAN_ATTEMPT"]
for number in range(20_000):
    print("attempt", attempt, "line", number, file=sys.stderr if number % 7 == 0 else sys.stdout)
sys.exit(attempt == "1")
"""
client = TitanClient()
chatty = TitanJob("chat_job", script("chatty.py", CHATTY), retries=1, backoff=0)
print(client.submit_dag("chat", [chatty]), finish(client, "chat_job"))
lines = client.fetch_logs("chat_job").splitlines()
print(len(lines), lines == [f"attempt 2 line {number}" for number in range(20_000)])

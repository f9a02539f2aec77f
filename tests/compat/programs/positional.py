from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
first = TitanJob("pos_first", script("first.py", "print('first')\n"))
second = TitanJob(
    "pos_second", script("second.py", "import sys; print(sys.argv[1:])\n"),
    "RUN_PAYLOAD", "one two", ["pos_first"], 0, False, 7, 150, True, "HIGH_MEM", "Go on?", 600,
)  # fmt: skip
print(client.submit_dag("pos", [first, second]))
print(finish(client, "pos_first", "pos_second"), client.fetch_logs("pos_second").strip())

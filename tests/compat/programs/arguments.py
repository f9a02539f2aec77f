from habits import finish, script

from titan_sdk import TitanClient, TitanJob

client = TitanClient()
path = script("show.py", "import sys\nprint(sys.argv[1:])\n")
given = {
    "args_none": None,
    "args_plain": "--epochs 3  --name Größe",
    "args_quoted": "--title 'two words' \"and three more\"",
    "args_backslash": r"C:\data\new",
    "args_list": ["two words", 3, "", "*"],
}
print(client.submit_dag("args", [TitanJob(job_id, path, args=args) for job_id, args in given.items()]))
print(finish(client, *given))
for job_id in given:
    print(job_id, client.fetch_logs(job_id), end="")

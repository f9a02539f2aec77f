from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

SERVICE = """
import os, socket, sys
print("service", sys.argv[1:], flush=True)
listener = socket.create_server(("", int(os.environ["PORT"])))
while True:
    listener.accept()[0].close()
"""
with __import__("socket").create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
client = TitanClient()
script("argproject/main.py", "import sys\nprint('archive', sys.argv[1:])\n")
print(client.upload_project_folder("argproject"))
archived = TitanJob("every_archive", "argproject.zip/main.py", args="a 'b c'", is_archive=True)
shell = TitanJob("every_shell", script("every.sh", 'echo shell "$1" "$2"\n'), args="a 'b c'")
service = TitanJob("every_service", script("serve.py", SERVICE), "SERVICE", "a 'b c'", port=port)
print(client.submit_dag("every", [archived, shell, service]))
print(finish(client, "every_archive", "every_shell", "every_service"))
until(lambda: client.fetch_logs("every_service"))
for job_id in ("every_archive", "every_shell", "every_service"):
    print(client.fetch_logs(job_id), end="")
print(client.stop_service("every_service"))

import socket

from habits import finish, script

from titan_sdk import TitanClient, TitanJob

SERVE = """
import os, socket
listener = socket.create_server(("", int(os.environ["PORT"])))
while True:
    listener.accept()[0].close()
"""
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
client = TitanClient()
service = TitanJob("cmd_service", script("serve.py", SERVE), "SERVICE", port=port)
print(client.submit_dag("cmd_services", [service]), finish(client, "cmd_service"))

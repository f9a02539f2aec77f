"""Two services, by both of their names; a child that calls the first; and their end."""

import socket

from habits import finish, script, until

from titan_sdk import TitanClient, TitanJob

SERVE = """
import os, socket, time
time.sleep(0.5)
listener = socket.create_server(("", int(os.environ["PORT"])))
print("listening", flush=True)
while True:
    connection, _ = listener.accept()
    connection.sendall(b"served")
    connection.close()
"""
CALL = """
import socket, sys
print(socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5).recv(100).decode())
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


client, port = TitanClient(), free_port()
serve = script("serve.py", SERVE)
jobs = [
    TitanJob("svc_api", serve, "SERVICE", port=port),
    TitanJob("svc_old_name", serve, job_type="DEPLOY_PAYLOAD", port=free_port()),
    TitanJob("svc_child", script("call.py", CALL), args=str(port), parents=["svc_api", "svc_old_name"]),
]
print(client.submit_dag("svc", jobs), finish(client, "svc_child"), client.fetch_logs("svc_child").strip())
print(client.get_job_status("svc_api"), client.get_job_status("DAG-svc_old_name"))
until(lambda: client.fetch_logs("svc_api"))
print(client.fetch_logs("svc_api").splitlines()[0])
print(client.stop_service("svc_api"), client.stop_service("DAG-svc_old_name"))
print(client.stop_service("svc_child").partition(" ")[0], client.stop_service("svc_ghost").partition(" ")[0])


def is_closed():
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False


until(is_closed)
print("its port is closed")

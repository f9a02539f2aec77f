"""Every key of the YAML form."""

import socket

from habits import finish, script, until

from titan_sdk import TitanClient
from titan_sdk.titan_yaml_parser import TitanYAMLParser

with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
PIPELINE = f"""
name: yk_project
version: 2
project: true
jobs:
  - id: yk_load
    file: load.py
    type: run
    args: --rows 3
    requirement: GENERAL
    priority: 4
    affinity: false
    hitl_message: Use these rows?
    max_wait_seconds: 600
  - id: yk_serve
    file: serve.py
    type: service
    port: {port}
  - id: yk_train
    file: train.py
    depends_on: [yk_load, yk_serve]
    requirement: GPU
    priority: 9
    delay: 1
    affinity: true
"""
SERVE = """
import os, socket
listener = socket.create_server(("", int(os.environ["PORT"])))
while True:
    listener.accept()[0].close()
"""
script("load.py", "import sys, time\nprint(sys.argv[1:])\n")
script("serve.py", SERVE)
script("train.py", "print('trained')\n")
parser = TitanYAMLParser(script("pipeline.yaml", PIPELINE))
print(
    parser.get_project_name(),
    parser.is_project_mode(),
    [(job.job_id, job.priority, job.delay, job.requirement) for job in parser.build_jobs()],
)
client = TitanClient()
print(client.submit_yaml("pipeline.yaml"))
until(lambda: client.get_job_status("hitl-gate-yk_load") == "RUNNING")
print(client.store_get("titan:hitl:message:hitl-gate-yk_load"), client.fetch_logs("yk_load").strip())
client.approve("hitl-gate-yk_load")
print(finish(client, "yk_train"), client.get_job_status("yk_serve"), client.stop_service("yk_serve"))

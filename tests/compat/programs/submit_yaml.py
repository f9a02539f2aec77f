import re

from habits import finish, script

from titan_sdk import TitanClient

PIPELINE = """
name: yaml_project
version: "1.0"
jobs:
  - id: yml_first
    file: stages/first.py
    args: "--day today"
    priority: 3
  - id: yml_second
    file: stages/second.py
    depends_on: [yml_first]
"""
FAILING = """
name: yaml_failing
project: false
jobs:
  - {id: yml_bad, file: stages/bad.py, retries: 0}
  - {id: yml_never, file: stages/second.py, depends_on: [yml_bad]}
"""
client = TitanClient()
script("stages/first.py", "import sys, shared\nprint(shared.WORD, sys.argv[1:])\n")
script("stages/second.py", "print('second')\n")
script("stages/bad.py", "raise SystemExit(4)\n")
script("stages/shared.py", "WORD = 'from the project'\n")
answer = client.submit_yaml(script("pipeline.yaml", PIPELINE), agent_run_id="yaml-run-1")
print(answer, finish(client, "yml_first", "yml_second"), client.fetch_logs("yml_first").strip())
(dag,) = client.list_dags(agent_run_id="yaml-run-1")
print(bool(re.fullmatch(r"yaml_project-\d{10}", dag.display_name)))
print(client.submit_yaml("pipeline.yaml", wait=True, poll_interval=0.2, timeout=60))
print(client.submit_yaml(script("failing.yaml", FAILING), wait=True, poll_interval=0.2, timeout=60))
print(client.get_job_status("yml_bad"), client.get_job_status("yml_never"))

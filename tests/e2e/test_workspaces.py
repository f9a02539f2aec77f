"""What jobs leave to each other, as programs of users see it: subprocesses against a real embedded cluster."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders.kubernetes.clusters import RunningCluster, run_program

Titan = Callable[..., subprocess.CompletedProcess[str]]
Run = Callable[[str], Any]

PREAMBLE = """
import json, pathlib
from titan_sdk import TitanClient, TitanJob
client = TitanClient()
SHOW = "import pathlib\\nfor p in sorted(pathlib.Path().rglob('*')):\\n    if p.suffix == '.txt': print(p, p.read_text())"
def write(**files):
    return "import pathlib\\n" + "".join(f"pathlib.Path('{name}.txt').write_text('{text}')\\n" for name, text in files.items())
def lines(job):
    return client.fetch_logs(job).splitlines()
def told(value):
    print(json.dumps(value))
"""


@pytest.fixture
def run(cluster: RunningCluster, tmp_path: Path) -> Run:
    """Runs a program that submits something and prints JSON at its end."""

    def call(program: str) -> Any:
        ended = run_program([sys.executable, "-c", PREAMBLE + program], cluster.env, tmp_path)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout.splitlines()[-1])

    return call


def test_files_go_from_parents_to_children_and_are_listed_and_downloaded(
    run: Run, titan: Titan, tmp_path: Path
) -> None:
    seen = run("""
(pathlib.Path("one")).mkdir(); (pathlib.Path("two")).mkdir()
beside = "import os, pathlib\\n(pathlib.Path(os.path.dirname(os.path.abspath(__file__))) / 'beside.txt').write_text('B')\\n"
pathlib.Path("one/task.py").write_text(beside + write(here="H"))
pathlib.Path("two/task.py").write_text(SHOW + "\\npathlib.Path('here.txt').unlink()\\n" + write(late="L"))
dag = client.submit_dag("ws_chain", [
    TitanJob("ws_first", "one/task.py"), TitanJob("ws_second", "two/task.py", parents=["ws_first"]),
    TitanJob("ws_third", script_content=SHOW, parents=["ws_second"])])
client.wait(dag, timeout=90)
later = client.submit_dag("ws_later", [TitanJob("ws_fourth", script_content=SHOW, parents=["ws_third"])])
client.wait(later, timeout=60)
fetched = client.fetch_artifact("late.txt") and pathlib.Path("late.txt").read_text()
told([lines(job) for job in ("ws_second", "ws_third", "ws_fourth")] + [fetched])
""")
    after = ["beside.txt B", "late.txt L"]
    assert seen == [["beside.txt B", "here.txt H"], after, after, "L"]

    listed = json.loads(titan("files", "ls", "--dag", "ws_chain", "--json").stdout)
    assert [file["path"] for file in listed] == ["beside.txt", "late.txt"]
    assert titan("files", "get", "here.txt", "old.txt", "--job", "ws_first").returncode == 0
    assert (tmp_path / "old.txt").read_text() == "H"
    refused = titan("files", "get", "here.txt", "--job", "ws_third")
    assert (refused.stderr, refused.returncode) == ("titan: there is no file 'here.txt' in this workspace\n", 1)


def test_two_versions_of_a_file_are_a_conflict_that_an_event_tells(run: Run) -> None:
    seen, events = run("""
dag = client.submit_dag("ws_diamond", [
    TitanJob("ws_left", script_content=write(both="L")),
    TitanJob("ws_right", script_content=write(both="R"), delay=1500),
    TitanJob("ws_join", script_content=SHOW, parents=["ws_left", "ws_right"])])
client.wait(dag, timeout=90)
import time
from kubernetes import client as k8s, config
config.load_kube_config()
for _ in range(100):
    events = [e for e in k8s.CoreV1Api().list_namespaced_event("default").items if e.reason == "WorkspaceConflict"]
    if events: break
    time.sleep(0.1)
told([lines("ws_join"), [[e.type, e.involved_object.kind, e.message] for e in events]])
""")
    assert seen[-1] == "both.txt R"
    assert "different versions of 'both.txt'" in seen[0]
    words = 'parents left different versions of "both.txt"; the job found the one that was left last'
    assert events == [["Warning", "TitanJob", words]]


def test_a_failed_attempt_leaves_nothing_and_its_repetition_starts_from_the_same_files(run: Run) -> None:
    seen = run("""
flaky = SHOW + "\\nimport os\\n" + write(base="spoiled", extra="x") + "if os.environ['TITAN_ATTEMPT'] == '1': raise SystemExit(1)\\n"
dag = client.submit_dag("ws_retry", [
    TitanJob("ws_base", script_content=write(base="0")),
    TitanJob("ws_flaky", script_content=flaky, parents=["ws_base"]),
    TitanJob("ws_failed", script_content=write(never="x") + "raise SystemExit(1)", retries=0)])
client.wait(dag, timeout=90)
from titan_sdk import TitanConflict
try:
    client.workspace("ws_failed")
except TitanConflict as error:
    refusal = str(error)
files = [file.path for file in client.workspace(dag).list()]
told([lines("ws_flaky"), files, refusal])
""")
    assert seen == [["base.txt 0"], ["base.txt", "extra.txt"], "the job 'ws_failed' has left no files: it is Failed"]


def test_a_job_that_leaves_too_much_has_failed_and_names_the_biggest(run: Run) -> None:
    phase, message = run("""
dag = client.submit_job(TitanJob("ws_big", script_content="open('huge', 'wb').truncate(300 * 2**20)", retries=0))
job = client.wait(dag, timeout=60)
told([job.phase, job.message])
""")
    assert phase == "Failed"
    assert "WorkspaceTooLarge" in message
    assert "huge (300.0 MiB)" in message


def test_an_archive_s_entry_folder_lies_over_the_workspace(run: Run) -> None:
    assert run("""
project = pathlib.Path("ws_project"); (project / "app").mkdir(parents=True)
(project / "app" / "main.py").write_text("import helper\\n" + SHOW + "\\n" + write(made="M"))
(project / "app" / "helper.py").write_text("print('helped')")
client.upload_project_folder("ws_project")
dag = client.submit_dag("ws_archive", [
    TitanJob("ws_input", script_content=write(inherited="I")),
    TitanJob("ws_packed", "ws_project.zip/app/main.py", is_archive=True, parents=["ws_input"])])
client.wait(dag, timeout=90)
told([lines("ws_packed"), [file.path for file in client.workspace("ws_packed").list()]])
""") == [["helped", "inherited.txt I"], ["inherited.txt", "made.txt"]]


def test_with_workspace_none_jobs_share_nothing(run: Run) -> None:
    assert run("""
dag = client.submit_dag("ws_none", [
    TitanJob("ws_alone", script_content=write(a="1")), TitanJob("ws_apart", script_content=SHOW, parents=["ws_alone"])],
    workspace="None")
client.wait(dag, timeout=90)
told([lines("ws_apart"), client.workspace(dag).list()])
""") == [[], []]


def test_with_a_claim_all_jobs_share_one_volume_and_import_from_it(run: Run) -> None:
    assert run("""
from kubernetes import client as k8s, config
config.load_kube_config()
spec = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}}
claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "ws-shared"}, "spec": spec}
k8s.CoreV1Api().create_namespaced_persistent_volume_claim("default", claim)
child = "import module, os\\nprint(module.WORD, sorted(os.listdir()))"
dag = client.submit_dag("ws_claim", [
    TitanJob("ws_puts", script_content="open('module.py', 'w').write('WORD = 42')"),
    TitanJob("ws_gets", script_content=child, parents=["ws_puts"])], workspace="Claim:ws-shared")
phase = client.wait(dag, timeout=90).phase
told([phase, lines("ws_gets")[0].split("[")[0], client.workspace(dag).list()])
""") == ["Succeeded", "42 ", []]

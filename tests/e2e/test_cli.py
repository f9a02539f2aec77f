"""The command line as people and scripts use it: subprocesses against a real embedded cluster."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders.kubernetes.clusters import RunningCluster
from builders.sdk.terminals import run_at_terminal

Titan = Callable[..., subprocess.CompletedProcess[str]]

PIPELINE = """
import sys
from titan_sdk import TitanClient, TitanJob
draft = TitanJob("cli_draft", script_content="print('draft')", hitl_message="Publish it?")
publish = TitanJob("cli_publish", script_content="print('published')", parents=["cli_draft"])
print(TitanClient().submit_dag("cli_gate", [draft, publish], agent_run_id=sys.argv[1]).name)
"""


@pytest.fixture
def submit(cluster: RunningCluster, tmp_path: Path) -> Callable[[str], str]:
    """Submits a DAG with a gate under an agent run and returns its name."""

    def call(agent_run: str) -> str:
        command = [sys.executable, "-c", PIPELINE, agent_run]
        return subprocess.run(
            command, env=dict(cluster.env), capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()

    return call


def watch_until(titan: Titan, dag: str, agent_run: str) -> None:
    """Until the gate of the DAG is open."""
    for _ in range(300):
        if any(gate["dag"] == dag for gate in json.loads(titan("approvals", "--json").stdout)):
            return
    pytest.fail("the gate did not open")


# ---------------------------------------------------------------- run
def test_run_streams_the_log_and_ends_well(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("import os, sys\nprint('hello', *sys.argv[1:], os.environ['SEED'])\n")
    ended = titan("run", "--name", "cli_hello", "--env", "SEED=7", "hello.py", "--epochs", "3")
    assert (ended.stdout, ended.stderr, ended.returncode) == ("hello --epochs 3 7\n", "", 0)


def test_run_of_a_failing_script_shows_its_words_and_fails(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "bad.sh").write_text("echo no such luck\nexit 3\n")
    ended = titan("run", "--name", "cli_bad", "--retries", "0", "bad.sh")
    assert (ended.stdout, ended.returncode) == ("no such luck\n", 1)
    assert re.fullmatch(r"titan: cli-bad-\w+: Failed\b.*\n", ended.stderr)


def test_run_as_json_is_a_stream_of_events(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("print('hello')\n")
    ended = titan("run", "--json", "--name", "cli_json", "hello.py")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [event["type"] for event in events] == ["submitted", "log", "finished"]
    assert (events[1]["line"], events[2]["job"]["phase"], events[2]["job"]["exitCode"]) == ("hello", "Succeeded", 0)


def test_run_without_follow_prints_the_name_with_which_others_go_on(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "later.py").write_text("print('later')\n")
    name = titan("run", "--no-follow", "--name", "cli_later", "later.py").stdout.strip()
    waited = titan("wait", name, "--timeout", "60")
    assert (waited.stdout, waited.stderr, waited.returncode) == (f"{name}: Succeeded\n", "", 0)
    assert titan("logs", "cli_later").stdout == "later\n"
    assert titan("logs", name, "-f").stdout == "later\n"


def test_a_gpu_job_runs_on_the_node_with_the_gpu(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "gpu.py").write_text("print('computed')\n")
    assert titan("run", "--name", "cli_gpu", "--requirement", "GPU", "gpu.py").returncode == 0
    assert json.loads(titan("status", "cli_gpu", "--json").stdout)["node"] == "titan-gpu"


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["run", "ghost.py"], "ghost.py"),
        (["run", "no/such/ghost.py"], "no/such/ghost.py"),
        (["run", "--env", "SEED", "hello.py"], "SEED"),
        (["run", "--name", "x" * 300, "hello.py"], "300"),
        (["store", "put", "", "value"], "key"),
        (["files", "put", "ghost.csv"], "ghost.csv"),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_culprit(
    titan: Titan, tmp_path: Path, arguments: list[str], culprit: str
) -> None:
    (tmp_path / "hello.py").write_text("print('hello')\n")
    ended = titan(*arguments)
    assert (ended.stdout, ended.returncode) == ("", 2)
    assert ended.stderr.startswith("titan: ")
    assert ended.stderr.count("\n") == 1
    assert culprit in ended.stderr


# ---------------------------------------------------------------- status, gates, wait, cancel
def test_a_person_sees_a_gate_and_approves_it(titan: Titan, submit: Callable[[str], str]) -> None:
    dag = submit("cli-approve")
    watch_until(titan, dag, "cli-approve")
    shown = titan("approvals").stdout
    assert dag in shown
    assert "Publish it?" in shown
    assert "cli_draft" in titan("status", dag).stdout
    assert titan("approve", "cli_draft", "-m", "fine").stdout == f"Approved: hitl-gate-cli_draft of {dag}\n"
    watched = titan("status", dag, "--watch")
    assert watched.returncode == 0
    assert watched.stdout.splitlines()[-1].startswith(f"{dag}: Succeeded, 2/2 jobs in ")
    again = titan("reject", "cli_draft")
    assert (again.stdout, again.returncode) == ("", 1)
    assert "Approved" in again.stderr


def test_watching_at_a_terminal_draws_the_jobs_and_ctrl_c_leaves_quietly(
    cluster: RunningCluster, submit: Callable[[str], str], titan: Titan
) -> None:
    dag = submit("cli-watch")
    command = [sys.executable, "-m", "titan_sdk.cli", "status", dag, "--watch"]
    ended = run_at_terminal(command, cluster.env, "titan approve hitl-gate-cli_draft", b"\x03")
    assert ended.code == 130
    assert re.search(r"cli_draft +Succeeded +titan-\S+ +1 ", ended.text)
    assert re.search(r"cli_publish +Pending", ended.text)
    assert "Traceback" not in ended.text
    titan("cancel", dag)


def test_a_rejected_gate_fails_the_dag_and_machines_can_see_why(titan: Titan, submit: Callable[[str], str]) -> None:
    dag = submit("cli-reject")
    watch_until(titan, dag, "cli-reject")
    gate = json.loads(titan("reject", "cli_draft", "-m", "not today", "--json").stdout)
    assert (gate["dag"], gate["decisions"][0]["verdict"], gate["decisions"][0]["comment"]) == (
        dag,
        "Reject",
        "not today",
    )
    assert titan("wait", dag, "--timeout", "60").returncode == 1
    document = json.loads(titan("status", dag, "--json").stdout)
    assert document["phase"] == "Failed"
    assert {job["jobID"]: job["phase"] for job in document["jobs"]} == {
        "cli_draft": "Succeeded",
        "cli_publish": "Cancelled",
    }


def test_cancel_ends_a_dag_that_waits_and_a_wait_in_time_says_timeout(
    titan: Titan, submit: Callable[[str], str]
) -> None:
    dag = submit("cli-cancel")
    watch_until(titan, dag, "cli-cancel")
    late = titan("wait", dag, "--timeout", "0.2")
    assert (late.stdout, late.returncode) == ("", 3)
    assert dag in late.stderr
    assert titan("cancel", dag).stdout == f"Cancelled: {dag}\n"
    assert titan("wait", dag, "--timeout", "60", "--json").returncode == 1


def test_status_lists_dags_of_one_agent_run(titan: Titan, submit: Callable[[str], str]) -> None:
    dag = submit("cli-list")
    listed = json.loads(titan("status", "--agent-run", "cli-list", "--json").stdout)
    assert [(item["name"], item["displayName"], item["agentRunID"]) for item in listed] == [
        (dag, "cli_gate", "cli-list")
    ]
    assert dag in titan("status").stdout
    titan("cancel", dag)


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "ghost"),
        ("logs", "ghost"),
        ("wait", "ghost"),
        ("cancel", "ghost"),
        ("approve", "ghost"),
        ("store", "get", "ghost"),
        ("files", "get", "ghost"),
    ],
    ids=" ".join,
)
def test_what_is_unknown_is_one_sentence(titan: Titan, arguments: tuple[str, ...]) -> None:
    ended = titan(*arguments)
    assert (ended.stdout, ended.returncode) == ("", 1)
    assert "ghost" in ended.stderr
    assert ended.stderr.count("\n") == 1


# ---------------------------------------------------------------- store and files
def test_values_go_in_and_come_out_as_they_were(titan: Titan) -> None:
    text = "two lines\nGröße 🙂"
    assert titan("store", "put", "cli:text", "-", stdin=text).stdout == "OK\n"
    assert titan("store", "get", "cli:text").stdout == text + "\n"
    assert json.loads(titan("store", "get", "cli:text", "--json").stdout) == {"key": "cli:text", "value": text}
    assert titan("store", "ls", "cli:").stdout == "cli:text\n"


def test_files_go_up_and_come_down_as_they_were(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 4096)
    assert titan("files", "put", "data.bin", "--name", "cli.bin").stdout == "cli.bin\n"
    assert titan("files", "get", "cli.bin", "copy.bin").stdout == "copy.bin\n"
    assert (tmp_path / "copy.bin").read_bytes() == (tmp_path / "data.bin").read_bytes()
    assert titan("files", "ls", "cli").stdout.splitlines()[1].split()[:3] == ["cli.bin", "1.0", "MB"]
    (listed,) = json.loads(titan("files", "ls", "cli", "--json").stdout)
    assert (listed["name"], listed["size"]) == ("cli.bin", 1_048_576)


# ---------------------------------------------------------------- the cluster is away
@pytest.mark.parametrize(
    "arguments",
    [("status",), ("wait", "x"), ("approve", "x"), ("store", "get", "x"), ("files", "ls"), ("run", "hello.py")],
    ids=" ".join,
)
def test_an_unreachable_cluster_is_exit_code_4(
    titan: Titan, tmp_path: Path, unreachable: dict[str, str], arguments: tuple[str, ...]
) -> None:
    (tmp_path / "hello.py").write_text("print('hello')\n")
    ended = titan(*arguments, env=unreachable)
    assert (ended.stdout, ended.returncode) == ("", 4)
    assert ended.stderr.startswith("titan: ")
    assert ended.stderr.count("\n") == 1


@pytest.fixture
def unreachable(cluster: RunningCluster, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose kubeconfig and store name a port at which nobody listens."""
    kubeconfig = json.loads(Path(cluster.env["KUBECONFIG"]).read_text())
    for entry in kubeconfig["clusters"]:
        entry["cluster"]["server"] = "https://127.0.0.1:1"
    (tmp_path / "kubeconfig").write_text(json.dumps(kubeconfig))
    yield {
        **cluster.env,
        "KUBECONFIG": str(tmp_path / "kubeconfig"),
        "TITAN_STORE_URL": "http://127.0.0.1:1",
        "TITAN_HOST": "127.0.0.1",
        "TITAN_PORT": "1",
    }


# ---------------------------------------------------------------- titan local
def test_local_commands_tell_where_the_cluster_is(titan: Titan, cluster: RunningCluster) -> None:
    exports = titan("local", "env").stdout.splitlines()
    assert f"export KUBECONFIG='{cluster.env['KUBECONFIG']}'" in exports
    assert json.loads(titan("local", "env", "--json").stdout)["KUBECONFIG"] == cluster.env["KUBECONFIG"]
    shown = titan("local", "status")
    assert shown.returncode == 0
    assert {"apiserver", "store", "scheduler", "kubelet", "operator", "controllers"} <= set(shown.stdout.split())


def test_local_up_twice_says_that_it_is_up_already(titan: Titan) -> None:
    again = titan("local", "up", "--api-port", "0", "--store-port", "0")
    assert again.returncode == 0
    assert "already" in again.stdout


def test_local_down_of_what_never_ran_is_no_error(titan: Titan, tmp_path: Path) -> None:
    assert titan("local", "down", "--state-dir", str(tmp_path / "never")).returncode == 0
    assert titan("local", "status", "--state-dir", str(tmp_path / "never")).returncode == 1

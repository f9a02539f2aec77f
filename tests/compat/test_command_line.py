"""COMPAT, "YAML, CLI, MCP": the commands; tests/e2e/test_cli.py looks at each more closely."""

import json
from pathlib import Path

from compat.conftest import Program, Titan

COMMANDS = [
    "local",
    "deploy",
    "run",
    "status",
    "logs",
    "cancel",
    "retry",
    "approve",
    "reject",
    "approvals",
    "store",
    "files",
    "stop",
]
PIPELINE = """
name: cmd_project
project: false
jobs:
  - id: cmd_draft
    file: draft.py
    hitl_message: Publish?
  - id: cmd_publish
    file: flaky.py
    depends_on: [cmd_draft]
    retries: 0
"""
FLAKY = """
from titan_sdk import TitanClient
if TitanClient().store_get("cmd:healed") != "yes":
    raise SystemExit(1)
print("published")
"""


def test_a_pipeline_goes_from_deploy_over_a_gate_and_a_failure_to_its_end(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "draft.py").write_text("print('draft')\n")
    (tmp_path / "flaky.py").write_text(FLAKY)
    (tmp_path / "pipeline.yaml").write_text(PIPELINE)
    deployed = titan("deploy", "pipeline.yaml")
    assert (deployed.returncode, deployed.stderr) == (0, "")
    dag = deployed.stdout.strip()
    while "hitl-gate-cmd_draft" not in titan("approvals").stdout:
        assert titan("wait", dag, "--timeout", "0.2").returncode == 3
    assert titan("approve", "hitl-gate-cmd_draft").returncode == 0
    assert titan("wait", dag, "--timeout", "60").returncode == 1
    assert "cmd_publish" in titan("status", dag).stdout
    assert titan("store", "put", "cmd:healed", "yes").stdout == "OK\n"
    assert titan("retry", dag, "--wait", "--timeout", "60").returncode == 0
    assert titan("logs", "cmd_publish", "-f").stdout == "published\n"
    assert json.loads(titan("status", dag, "--json").stdout)["phase"] == "Succeeded"


def test_a_deployed_pipeline_is_rejected_or_cancelled(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "draft.py").write_text("print('draft')\n")
    (tmp_path / "flaky.py").write_text("print('never')\n")
    (tmp_path / "pipeline.yaml").write_text(PIPELINE)
    dags = [titan("deploy", "pipeline.yaml").stdout.strip() for _ in range(2)]
    for dag in dags:
        while not any(gate["dag"] == dag for gate in json.loads(titan("approvals", "--json").stdout)):
            assert titan("wait", dag, "--timeout", "0.2").returncode == 3
    assert titan("reject", "hitl-gate-cmd_draft").returncode == 0
    assert titan("wait", dags[1], "--timeout", "60").returncode == 1
    assert titan("cancel", dags[0]).returncode == 0
    assert titan("wait", dags[0], "--timeout", "60").returncode == 1


def test_run_streams_a_script_and_its_exit_code_means_something(titan: Titan, tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("print('good')\n")
    (tmp_path / "bad.py").write_text("raise SystemExit(7)\n")
    good, bad = titan("run", "good.py"), titan("run", "--retries", "0", "bad.py")
    assert (good.stdout, good.returncode, bad.returncode) == ("good\n", 0, 1)
    assert titan("run", "ghost.py").returncode == 2


def test_values_and_files_have_commands(titan: Titan, tmp_path: Path) -> None:
    assert titan("store", "put", "cmdst:key", "Größe").stdout == "OK\n"
    assert (titan("store", "get", "cmdst:key").stdout, titan("store", "ls", "cmdst:").stdout) == (
        "Größe\n",
        "cmdst:key\n",
    )
    (tmp_path / "cmd_data.bin").write_bytes(b"data")
    assert titan("files", "put", "cmd_data.bin").returncode == 0
    assert "cmd_data.bin" in titan("files", "ls").stdout
    assert titan("files", "get", "cmd_data.bin", "copy.bin").returncode == 0
    assert (tmp_path / "copy.bin").read_bytes() == b"data"


def test_a_service_is_stopped(titan: Titan, program: Program) -> None:
    assert program("one_service.py") == ["DAG_ACCEPTED ['COMPLETED']"]
    assert titan("stop", "cmd_service").returncode == 0
    assert titan("stop", "cmd_ghost").returncode == 1


def test_the_local_cluster_has_commands(titan: Titan) -> None:
    assert titan("local", "status").returncode == 0
    assert "already" in titan("local", "up", "--api-port", "0", "--store-port", "0").stdout


def test_the_help_lists_every_command(titan: Titan) -> None:
    shown = titan("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    listed = {line.split()[0] for line in shown.stdout.partition("Commands:")[2].splitlines() if line.strip()}
    assert [command for command in COMMANDS if command not in listed] == []


def test_an_outage_is_one_line_and_exit_code_4(titan: Titan, unreachable: dict[str, str]) -> None:
    ended = titan("status", env=unreachable)
    assert (ended.stdout, ended.returncode, ended.stderr.count("\n")) == ("", 4, 1)

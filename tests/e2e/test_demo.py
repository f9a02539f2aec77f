"""``make demo``: with nobody at the keyboard, and with a person who presses a key."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders.kubernetes.clusters import REPOSITORY, RunningCluster, make_env, run_program
from builders.sdk.terminals import Ended, run_at_terminal

Titan = Callable[..., subprocess.CompletedProcess[str]]
DEMO = str(REPOSITORY / "examples" / "demo" / "demo.py")
JOBS = ["choose", "load", "report", "train_forest", "train_nearest", "train_network"]
PNG = b"\x89PNG"


def test_the_demo_runs_on_a_cluster_of_its_own_approves_by_itself_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ledger, report = tmp_path / "ledger", tmp_path / "report"
    env = make_env(tmp_path) | {"TITAN_DEMO_LEDGER": str(ledger)}
    ended = run_program([sys.executable, DEMO, "--output", str(report)], env, tmp_path)
    assert (ended.stderr, ended.returncode) == ("", 0)
    assert "There is no terminal to ask at, so the demo approves by itself." in ended.stdout
    assert "train_network ran on titan-gpu" in ended.stdout
    assert re.search(r"accuracy   nearest 99\.\d%, network 9\d\.\d%, forest 9\d\.\d%", ended.stdout)
    assert "approved by titan-local-admin" in ended.stdout
    assert str(report / "report.md") in ended.stdout
    assert re.search(r"Watch it in a browser; .*\n  http://127\.0\.0\.1:\d+/#/sign-in\?code=\S+\n", ended.stdout)
    assert "The cluster is stopped. To look around in its dashboard afterwards, keep it:" in ended.stdout
    assert "The best model is **nearest**" in (report / "report.md").read_text()
    assert (report / "confusion.png").read_bytes().startswith(PNG)
    jobs = json.loads((report / "run.json").read_text())["jobs"]
    assert sorted(ledger.read_text().splitlines()) == sorted(f"{job['jobID']} {job['attempt']}" for job in jobs)
    assert sorted(job["jobID"] for job in jobs) == JOBS
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["cluster.lock"]


@pytest.fixture
def at_terminal(cluster: RunningCluster, tmp_path: Path) -> Callable[[bytes], Ended]:
    """Runs the demo on the session's cluster at a terminal, and presses keys when it asks."""

    def call(press: bytes) -> Ended:
        command = [sys.executable, DEMO, "--use-current", "--output", str(tmp_path / "report")]
        return run_at_terminal(command, cluster.env, "Press any key to approve", press)

    return call


def test_a_key_press_approves_and_the_report_is_made(at_terminal: Callable[[bytes], Ended], tmp_path: Path) -> None:
    ended = at_terminal(b" ")
    assert ended.code == 0, ended.text
    assert re.search(r"choose +Succeeded +\S+ +1 +\S+ +gate Approved", ended.text)
    assert (tmp_path / "report" / "confusion.png").read_bytes().startswith(PNG)


def test_pressing_r_rejects_and_the_demo_says_that_it_ended_there(
    at_terminal: Callable[[bytes], Ended], tmp_path: Path
) -> None:
    ended = at_terminal(b"r")
    assert ended.code == 1
    assert "The demo ends here: the report was not permitted." in ended.text
    assert not (tmp_path / "report").exists()


def test_a_demo_whose_gate_is_decided_elsewhere_goes_on_without_a_key(
    titan: Titan, at_terminal: Callable[[bytes], Ended]
) -> None:
    def waiting() -> set[str]:
        return {gate["name"] for gate in json.loads(titan("approvals", "--json").stdout)}

    def approve_the_next() -> int:
        deadline = time.monotonic() + 60
        while not (opened := waiting() - before):
            assert time.monotonic() < deadline, "no gate opened"
            time.sleep(0.2)
        return titan("approve", opened.pop()).returncode

    before = waiting()
    with ThreadPoolExecutor(1) as somebody_else:
        approved = somebody_else.submit(approve_the_next)
        ended = at_terminal(b"")
    assert (approved.result(), ended.code) == (0, 0), ended.text
    assert "'Publish the report?' approved by titan-local-admin" in ended.text


def test_ctrl_c_at_the_gate_ends_the_demo_quietly(at_terminal: Callable[[bytes], Ended]) -> None:
    ended = at_terminal(b"\x03")
    assert ended.code == 130
    assert "Traceback" not in ended.text


def test_a_demo_without_a_cluster_says_what_is_missing(tmp_path: Path) -> None:
    ended = run_program([sys.executable, DEMO, "--use-current"], make_env(tmp_path) | {"HOME": str(tmp_path)}, tmp_path)
    assert ended.returncode == 1
    assert "titan local up" in ended.stderr
    assert "Traceback" not in ended.stderr

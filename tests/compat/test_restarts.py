"""What the earlier Titan lost, or did unasked, when a part of it was stopped or killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from builders.kubernetes.clusters import RunningCluster, run_program
from compat.conftest import PROGRAMS, run_lines


def run_titan(mortal: RunningCluster, *arguments: str) -> int:
    return run_program([sys.executable, "-m", "titan_sdk.cli", *arguments], mortal.env, mortal.state).returncode


def kill(mortal: RunningCluster, component: str) -> None:
    components = json.loads((mortal.state / "cluster.json").read_text())["components"]
    os.kill(int(components[component]["pid"]), signal.SIGKILL)


def test_after_a_restart_nothing_behind_a_gate_runs_and_sets_are_there(mortal: RunningCluster, tmp_path: Path) -> None:
    assert run_lines("before_restart.py", (), mortal.env, tmp_path) == [
        "DAG_ACCEPTED",
        "['FAILED', 'FAILED']",
        "OK [1, 1, 0]",
    ]
    for component in ("store", "operator", "apiserver"):
        kill(mortal, component)
    assert run_titan(mortal, "local", "down") == 0
    assert run_titan(mortal, "local", "up", "--api-port", "0", "--store-port", "0") == 0
    assert run_lines("after_restart.py", (), mortal.env, tmp_path) == [
        "DAG_ACCEPTED ['COMPLETED']",
        "RUNNING PENDING ''",
        "FAILED CANCELLED ''",
        "FAILED CANCELLED ''",
        "Größe 🙂 ['a,b', '漢字']",
        "OK ['COMPLETED']",
    ]


def test_a_job_whose_node_agent_is_killed_ends_and_its_child_goes_on(mortal: RunningCluster, tmp_path: Path) -> None:
    command = [sys.executable, str(PROGRAMS / "during_kill.py")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=dict(mortal.env), cwd=tmp_path, stdin=pipe, stdout=pipe, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "running\n"
        kill(mortal, "kubelet")
        assert running.communicate("\n", timeout=60)[0] == "['COMPLETED', 'COMPLETED']\n"

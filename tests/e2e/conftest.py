"""One embedded cluster for a whole test session, and the components' last words when a test fails."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from builders.kubernetes.clusters import RunningCluster, make_env, run_program
from titan_local.clusters import LocalCluster

# What needs a real cluster runs where one is named: `make e2e`.
collect_ignore = [] if "TITAN_E2E_KUBECONFIG" in os.environ else ["cluster"]

Titan = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """A cluster on free ports in a TITAN_HOME of its own; with xdist each worker has one."""
    home = tmp_path_factory.mktemp("titan-home")
    local = LocalCluster(home / "local")
    local.up(api_port=0, store_port=0)
    try:
        yield RunningCluster(home / "local", make_env(home) | local.env())
    finally:
        local.down()


@pytest.fixture
def titan(cluster: RunningCluster, tmp_path: Path) -> Titan:
    """Runs the command line against the cluster, in an empty directory."""

    def run(*arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "titan_sdk.cli", *arguments]
        return run_program(command, cluster.env if env is None else env, tmp_path, stdin)

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Put the ends of the components' logs under a failed test that used the cluster."""
    report = yield
    running = getattr(item, "funcargs", {}).get("cluster")
    if report.failed and isinstance(running, RunningCluster):
        report.sections.extend(running.read_log_tails())
    return report

"""Clusters for programs of users, and the programs: ordinary files that nothing of the tests is imported into."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from builders.kubernetes.clusters import RunningCluster, make_env, run_program
from kubernetes.client import CoreV1Api, CustomObjectsApi
from kubernetes.config import new_client_from_config
from titan_local.clusters import LocalCluster

from titan_api.json_types import Json

PROGRAMS = Path(__file__).parent / "programs"
Program = Callable[..., list[str]]
Titan = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def running_cluster(home: Path, nodes_file: Path | None = None) -> Iterator[RunningCluster]:
    """A cluster on free ports in a TITAN_HOME of its own."""
    local = LocalCluster(home / "local")
    local.up(api_port=0, store_port=0, nodes_file=nodes_file)
    try:
        yield RunningCluster(home / "local", make_env(home) | local.env())
    finally:
        local.down()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """The cluster that all but a few tests share; with xdist each worker has one."""
    with running_cluster(tmp_path_factory.mktemp("titan-home")) as running:
        yield running


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """A cluster of one node without a GPU, on which two pods fit."""
    home = tmp_path_factory.mktemp("titan-home")
    nodes = home / "nodes.json"
    nodes.write_text(json.dumps([{"name": "small", "capacity": {"cpu": "4", "memory": "8Gi", "pods": "2"}}]))
    with running_cluster(home, nodes) as running:
        yield running


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[RunningCluster]:
    """A cluster that its test may stop and kill parts of."""
    with running_cluster(tmp_path / "home") as running:
        yield running


def run_lines(name: str, arguments: tuple[str, ...], env: Mapping[str, str], directory: Path) -> list[str]:
    """The lines that a program prints. It ends well; what Titan says on stderr, beside a False, is no failure."""
    ended = run_program([sys.executable, str(PROGRAMS / name), *arguments], env, directory)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.splitlines()


@pytest.fixture
def program(cluster: RunningCluster, tmp_path: Path) -> Program:
    """Runs a program against the shared cluster, in an empty directory."""

    def run(name: str, *arguments: str, env: Mapping[str, str] | None = None) -> list[str]:
        return run_lines(name, arguments, cluster.env if env is None else env, tmp_path)

    return run


@pytest.fixture
def titan(cluster: RunningCluster, tmp_path: Path) -> Titan:
    """Runs the command line against the shared cluster, in the same directory."""

    def run(*arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "titan_sdk.cli", *arguments]
        return run_program(command, cluster.env if env is None else env, tmp_path, stdin)

    return run


class Objects:
    """What Kubernetes shows."""

    def __init__(self, kubeconfig: str) -> None:
        self._client = new_client_from_config(kubeconfig)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def all(self, plural: str) -> list[Json]:
        """All Titan objects of a kind."""
        api = CustomObjectsApi(self._client)
        listed: Json = api.list_namespaced_custom_object("titan.io", "v1alpha1", "default", plural)
        return listed["items"]

    def job(self, job_id: str) -> Json:
        """The only TitanJob of an id."""
        (found,) = [job for job in self.all("titanjobs") if job["spec"]["jobID"] == job_id]
        return found

    def approvals(self, job_id: str) -> list[Json]:
        """The TitanApprovals behind jobs of an id, of all rounds."""
        return [one for one in self.all("titanapprovals") if one["spec"]["subject"]["jobID"] == job_id]

    def pods(self, job_id: str) -> list[Any]:
        """The pods of all jobs of an id."""
        jobs = {job["metadata"]["name"] for job in self.all("titanjobs") if job["spec"]["jobID"] == job_id}
        pods = CoreV1Api(self._client).list_namespaced_pod("default").items
        return [pod for pod in pods if pod.metadata.name.rpartition("-")[0] in jobs]

    def delete_pods(self, job_id: str) -> None:
        """Remove the pods of a job, as a clean-up would."""
        for pod in self.pods(job_id):
            CoreV1Api(self._client).delete_namespaced_pod(pod.metadata.name, "default", grace_period_seconds=0)


@pytest.fixture
def objects(cluster: RunningCluster) -> Iterator[Objects]:
    """The objects of the shared cluster."""
    shown = Objects(cluster.env["KUBECONFIG"])
    yield shown
    shown.close()


@pytest.fixture
def unreachable(tmp_path: Path, cluster: RunningCluster) -> dict[str, str]:
    """The environment of a program whose cluster and store are down: nobody listens at the ports that it names."""
    kubeconfig = json.loads(Path(cluster.env["KUBECONFIG"]).read_text())
    for entry in kubeconfig["clusters"]:
        entry["cluster"]["server"] = "https://127.0.0.1:1"
    home = tmp_path / "elsewhere"
    home.mkdir()
    (home / "kubeconfig").write_text(json.dumps(kubeconfig))
    return make_env(home) | {"KUBECONFIG": str(home / "kubeconfig"), "TITAN_HOST": "127.0.0.1", "TITAN_PORT": "1"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Put the ends of the components' logs under a failed test that used a cluster."""
    report = yield
    for name in ("cluster", "small", "mortal"):
        running = getattr(item, "funcargs", {}).get(name)
        if report.failed and isinstance(running, RunningCluster):
            report.sections.extend(running.read_log_tails())
    return report

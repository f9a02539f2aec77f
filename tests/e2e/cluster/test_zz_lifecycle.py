"""Titan removed and installed again. Runs last, as its name says: in the meantime there is no Titan in the cluster."""

import json
from collections.abc import Iterator

import pytest
import yaml
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, wait_until

from titan_api.json_types import Json
from titan_sdk import TitanClient, TitanJob

IN_SYSTEM = ("--namespace", SYSTEM_NAMESPACE)
PATIENT = "import time\nprint('begun', flush=True)\ntime.sleep(15)\nprint('done')"


@pytest.fixture
def reinstalled(real: RealCluster) -> Iterator[RealCluster]:
    """Whatever a test leaves, Titan is there afterwards as the README installs it."""
    yield real
    install = ("upgrade", "--install", "titan", "charts/titan", *IN_SYSTEM, "--create-namespace", "--wait")
    installed = real.helm(*install)
    assert installed.returncode == 0, installed.stderr


@pytest.mark.timeout(400)
def test_uninstall_loses_nothing_and_an_install_goes_on(
    client: TitanClient, reinstalled: RealCluster, namespace: str
) -> None:
    client.store_put("kept", "yes")
    jobs = [
        TitanJob("ended", script_content="print('long ago')"),
        TitanJob("runs", script_content=PATIENT, parents=["ended"]),
        TitanJob("waits", script_content="print('at last')", parents=["runs"]),
    ]
    dag = client.submit_dag("kept", jobs)
    wait_until("the second job", lambda: client.get_job_status("runs") == "RUNNING")
    pod = _second_pod(reinstalled, namespace)
    _uninstall(reinstalled)
    assert {job.job_id: job.phase for job in client.list_jobs(dag.name)} == {
        "ended": "Succeeded",
        "runs": "Running",
        "waits": "Pending",
    }
    assert pod == _second_pod(reinstalled, namespace)
    claim = reinstalled.get("pvc", "data-titan-store-0", "-n", SYSTEM_NAMESPACE)
    assert claim["status"]["phase"] == "Bound"
    installed = reinstalled.helm("install", "titan", "charts/titan", *IN_SYSTEM, "--wait")
    assert installed.returncode == 0, installed.stderr
    assert client.wait(dag, timeout=150).phase == "Succeeded"
    assert {job.attempt for job in client.list_jobs(dag.name)} == {1}
    assert client.store_get("kept") == "yes"
    assert [client.fetch_logs(job.job_id) for job in jobs] == ["long ago\n", "begun\ndone\n", "at last\n"]


@pytest.mark.timeout(400)
def test_an_administrator_applies_the_clusters_part_and_a_team_installs_the_rest(
    client: TitanClient, reinstalled: RealCluster
) -> None:
    _uninstall(reinstalled)
    only = reinstalled.helm("template", "titan", "charts/titan", *IN_SYSTEM, "--set", "clusterResources=only")
    assert only.returncode == 0, only.stderr
    try:
        reinstalled.do("apply", "--server-side", "-f", "-", stdin=only.stdout)
        install = ("install", "titan", "charts/titan", *IN_SYSTEM, "--set", "clusterResources=assume", "--wait")
        installed = reinstalled.helm(*install)
        assert installed.returncode == 0, installed.stderr
        dag = client.submit_dag("split", [TitanJob("job", script_content="", priority=3)])
        assert client.wait(dag, timeout=90).phase == "Succeeded"
        _uninstall(reinstalled)
    finally:
        reinstalled.do("delete", "--ignore-not-found", "-f", "-", stdin=_without_kinds(only.stdout))


def _uninstall(real: RealCluster) -> None:
    removed = real.helm("uninstall", "titan", *IN_SYSTEM, "--wait")
    assert removed.returncode == 0, removed.stderr


def _second_pod(real: RealCluster, namespace: str) -> str:
    """uid of the second job's pod."""
    (pod,) = real.get("pods", "-n", namespace, "-l", "titan.io/job-id=runs")["items"]
    return str(pod["metadata"]["uid"])


def _without_kinds(rendered: str) -> str:
    """The same objects but for the CustomResourceDefinitions: with them, every TitanDAG would go."""
    objects: list[Json] = [found for found in yaml.safe_load_all(rendered) if found]
    kept = [found for found in objects if found["kind"] != "CustomResourceDefinition"]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": kept})

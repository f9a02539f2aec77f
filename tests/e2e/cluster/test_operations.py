"""What an administrator does with a running Titan: its own test, wrong values, metrics, backup and restore."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders.kubernetes.clusters import REPOSITORY
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, find_tool, wait_until
from builders.kubernetes.real_states import is_ready

from titan_sdk import TitanClient, TitanJob

STORE, STORE_POD = "statefulset/titan-store", "titan-store-0"
PAGE = REPOSITORY / "docs" / "site" / "operate" / "run.md"


@pytest.mark.timeout(240)
def test_the_charts_own_test_says_that_titan_works(real: RealCluster) -> None:
    tested = real.helm("test", "titan", "--namespace", SYSTEM_NAMESPACE, "--logs", "--timeout", "180s")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "Titan works" in tested.stdout


@pytest.mark.parametrize(
    ("setting", "path"),
    [("store.replicas=2", "replicas"), ("storage.size=1Gi", "storage"), ("approvals=Never", "approvals")],
)
def test_wrong_values_change_nothing_and_are_named(real: RealCluster, setting: str, path: str) -> None:
    before = real.helm("history", "titan", "--namespace", SYSTEM_NAMESPACE).stdout
    refused = real.helm("upgrade", "titan", "charts/titan", "--namespace", SYSTEM_NAMESPACE, "--set", setting)
    assert refused.returncode != 0
    assert path in refused.stderr
    assert real.helm("history", "titan", "--namespace", SYSTEM_NAMESPACE).stdout == before


def test_the_metrics_show_one_leader_that_hears_the_store(real: RealCluster) -> None:
    def leaders() -> list[str]:
        pods = real.get("pods", "-n", SYSTEM_NAMESPACE, "-l", "app.kubernetes.io/component=operator")["items"]
        pages = [
            real.kubectl("get", "--raw", f"/api/v1/namespaces/{SYSTEM_NAMESPACE}/pods/{name}:8080/proxy/metrics").stdout
            for name in (pod["metadata"]["name"] for pod in pods)
        ]
        return [page for page in pages if re.search(r"^titan_leader 1\.0$", page, re.MULTILINE)]

    def is_well() -> bool:
        found = leaders()
        return len(found) == 1 and re.search(r"^titan_store_connected 1\.0$", found[0], re.MULTILINE) is not None

    wait_until("one leader that hears the store", is_well)


@pytest.mark.timeout(300)
def test_a_backup_is_restored_as_the_page_says(client: TitanClient, real: RealCluster) -> None:
    client.store_put("fact", "before")
    dag = client.submit_dag("first", [TitanJob("talker", script_content="print('in the backup')")])
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    in_pod = ("exec", "-n", SYSTEM_NAMESPACE, STORE_POD, "--")
    real.do(*in_pod, "python3", "-m", "titan_store", "backup", "--data-dir", "/data/store", "--to", "/data/backup.tar")
    archive = _bytes(real, *in_pod, "cat", "/data/backup.tar")
    real.do(*in_pod, "rm", "/data/backup.tar")
    client.store_put("fact", "after")
    with _restore_pod(real) as pod:
        inside = ("exec", "-n", SYSTEM_NAMESPACE, pod, "--")
        _bytes(real, *inside[:1], "--stdin", *inside[1:], "sh", "-c", "cat > /data/backup.tar", stdin=archive)
        real.do(*inside, "mv", "/data/store", "/data/store.old")
        restored = ("--from", "/data/backup.tar", "--data-dir", "/data/store")
        real.do(*inside, "python3", "-m", "titan_store", "restore", *restored)
        real.do(*inside, "rm", "-r", "/data/store.old", "/data/backup.tar")
    wait_until("the store", lambda: is_ready(real, STORE_POD, SYSTEM_NAMESPACE))
    assert client.store_get("fact") == "before"
    assert client.fetch_logs("talker") == "in the backup\n"
    later = client.submit_dag("second", [TitanJob("later", script_content="print('afterwards')")])
    assert client.wait(later, timeout=90).phase == "Succeeded"


@contextmanager
def _restore_pod(real: RealCluster) -> Iterator[str]:
    """The store is stopped, and the pod of the page's restore.json has its volume."""
    overrides = re.search(r"```json title=\"restore.json\"\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert overrides is not None
    image = json.loads(overrides[1])["spec"]["containers"][0]["image"]
    real.do("scale", STORE, "-n", SYSTEM_NAMESPACE, "--replicas=0")
    try:
        real.do("wait", "--for=delete", f"pod/{STORE_POD}", "-n", SYSTEM_NAMESPACE, "--timeout=60s")
        options = ("--image", image, "--restart", "Never", "--overrides", overrides[1])
        real.do("run", "restore", "-n", SYSTEM_NAMESPACE, *options)
        wait_until("the restoring pod", lambda: is_ready(real, "restore", SYSTEM_NAMESPACE))
        yield "restore"
    finally:
        real.do("delete", "pod", "restore", "-n", SYSTEM_NAMESPACE, "--ignore-not-found", "--grace-period=1")
        real.do("scale", STORE, "-n", SYSTEM_NAMESPACE, "--replicas=1")


def _bytes(real: RealCluster, *arguments: str, stdin: bytes = b"") -> bytes:
    """kubectl whose input and output are no text."""
    command = [find_tool("kubectl"), *arguments]
    ended = subprocess.run(command, env=real.env, input=stdin, capture_output=True, timeout=100, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout

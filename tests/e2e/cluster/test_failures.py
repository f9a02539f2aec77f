"""What goes wrong in pods and on nodes, what Titan says about it, and what outlives it."""

import hashlib

import pytest
from builders.kubernetes.real_cluster import RealCluster, wait_until
from builders.operators.manifests import dag_manifest, job_manifest

from titan_sdk import TitanClient, TitanJob

LONG_LOG_MIB = 100


def test_a_log_outlives_its_pod(client: TitanClient, real: RealCluster, namespace: str) -> None:
    dag = client.submit_dag("logs", [TitanJob("talker", script_content="print('still here')")])
    client.wait(dag, timeout=90)
    real.do("delete", "pods", "--all", "-n", namespace, "--wait=true")
    assert client.fetch_logs("talker") == "still here\n"


def test_a_log_beyond_the_kubelets_rotation_is_whole(client: TitanClient) -> None:
    expected = hashlib.sha256()
    for part in range(LONG_LOG_MIB * 1024):
        expected.update(f"{part:08d} {'x' * 1014}\n".encode())
    script = f"for part in range({LONG_LOG_MIB} * 1024):\n    print(f'{{part:08d}} ' + 'x' * 1014)"
    dag = client.submit_dag("loud", [TitanJob("loud", script_content=script)])
    assert client.wait(dag, timeout=200).phase == "Succeeded"
    got = hashlib.sha256()
    for line in client.stream_logs("loud"):
        got.update(f"{line}\n".encode())
    assert got.hexdigest() == expected.hexdigest()


def test_out_of_memory_is_said_in_words(client: TitanClient) -> None:
    job = TitanJob("eater", script_content="x = b'a' * (1 << 30)", resources={"limits": {"memory": "64Mi"}}, retries=0)
    dag = client.submit_dag("memory", [job])
    assert client.wait(dag, timeout=90).phase == "Failed"
    assert "OOMKilled" in client.get_job("eater").message


def test_an_image_that_cannot_be_pulled_is_said_in_the_kubelets_words(client: TitanClient) -> None:
    dag = client.submit_dag("image", [TitanJob("pull", script_content="", image="nowhere.invalid/none:1")])
    wait_until("the kubelet's words", lambda: "ImagePull" in client.why("pull"))
    client.cancel(dag.name)
    assert client.wait(dag, timeout=90).phase == "Cancelled"


def test_a_deadline_ends_a_program_that_goes_on(client: TitanClient) -> None:
    script = "import time\nprint('begun', flush=True)\ntime.sleep(600)"
    dag = client.submit_dag("late", [TitanJob("late", script_content=script, timeout=5, retries=0)])
    assert client.wait(dag, timeout=120).phase == "Failed"
    assert "deadline" in client.get_job("late").message.lower()


def test_an_evicted_pod_costs_no_attempt_of_the_users(client: TitanClient, real: RealCluster, namespace: str) -> None:
    script = (
        "import os, time\nfrom titan_sdk import TitanClient\nclient = TitanClient()\n"
        "n = client.increment('starts')\nprint('start', n, flush=True)\ntime.sleep(300 if n == 1 else 0)"
    )
    dag = client.submit_dag("evicted", [TitanJob("victim", script_content=script, retries=0)])
    wait_until("its first start", lambda: client.store_get("starts") == "1")
    pod = real.get("pods", "-n", namespace, "-l", "titan.io/job-id=victim")["items"][0]["metadata"]["name"]
    eviction = (
        '{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": '
        f'{{"name": "{pod}", "namespace": "{namespace}"}}}}'
    )
    real.do("create", "--raw", f"/api/v1/namespaces/{namespace}/pods/{pod}/eviction", "-f", "-", stdin=eviction)
    assert client.wait(dag, timeout=120).phase == "Succeeded"
    assert client.get_job("victim").attempt == 2


@pytest.mark.parametrize("kind", ["tdag", "tjob"])
def test_what_has_ended_goes_when_its_time_is_over(real: RealCluster, namespace: str, kind: str) -> None:
    real.apply(
        dag_manifest("brief", jobCount=1, ttlSecondsAfterFinished=3),
        job_manifest("only", dag="brief"),
        namespace=namespace,
    )
    name = "brief" if kind == "tdag" else "brief-only"
    wait_until(f"the end of {name}", lambda: real.kubectl("get", kind, name, "-n", namespace).returncode == 1)

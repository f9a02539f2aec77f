"""Nearness to parents and services on nodes that only pretend, which kwok plays, and a node that is lost."""

import json
from collections.abc import Iterator

import pytest
from builders.kubernetes.real_cluster import RealCluster, wait_until
from builders.operators.manifests import dag_manifest, job_manifest

from titan_api.json_types import Json

FAKE_TAINT = "kwok.x-k8s.io/node"
IMAGE = "titan.local/anything:1"
"""Nobody pulls it: on these nodes nothing is executed."""
HOSTNAME = "kubernetes.io/hostname"
LOST_NODE = "lost-node"
TOLERANT = [{"key": FAKE_TAINT, "operator": "Exists"}]


@pytest.fixture
def fake_nodes(real: RealCluster) -> list[str]:
    nodes = [node["metadata"]["name"] for node in real.get("nodes", "-l", "type=kwok")["items"]]
    if len(nodes) < 3:
        pytest.skip("needs three nodes that kwok plays: make cluster-up or kind-up makes them")
    return nodes


@pytest.fixture
def lost_node(real: RealCluster) -> Iterator[None]:
    """A node of which nobody takes care: the test says what happens on it."""
    make_node(real)
    yield
    real.do("delete", "node", LOST_NODE, "--ignore-not-found")


def fake_job(job_id: str, dag: str, node: str | None = None, **spec: object) -> Json:
    """A job for the nodes that pretend, or for one of them."""
    overrides: Json = {"tolerations": TOLERANT, "nodeSelector": {HOSTNAME: node} if node else {"type": "kwok"}}
    source = {"container": {"image": IMAGE}}
    return job_manifest(job_id, dag=dag, source=source, podOverrides=overrides, **spec)


def test_a_child_runs_where_its_finished_parent_ran(real: RealCluster, namespace: str, fake_nodes: list[str]) -> None:
    parents = [fake_job(f"parent{n}", "near", node) for n, node in enumerate(fake_nodes)]
    children = [
        fake_job(f"child{n}{twin}", "near", parents=[{"jobID": f"parent{n}"}], affinity=True)
        for n in range(len(fake_nodes))
        for twin in "ab"
    ]
    real.apply(dag_manifest("near", jobCount=len(parents + children)), *parents, *children, namespace=namespace)
    real.do("wait", "--for=condition=Complete", "titandag/near", "-n", namespace, "--timeout=90s")
    expected = {f"child{n}{twin}": node for n, node in enumerate(fake_nodes) for twin in "ab"}
    assert {job_id: node for job_id, node in nodes_of_jobs(real, namespace).items() if job_id in expected} == expected


def test_a_child_of_several_parents_runs_near_one_of_them(
    real: RealCluster, namespace: str, fake_nodes: list[str]
) -> None:
    real.apply(
        dag_manifest("both", jobCount=3),
        fake_job("left", "both", fake_nodes[0]),
        fake_job("right", "both", fake_nodes[1]),
        fake_job("child", "both", parents=[{"jobID": "left"}, {"jobID": "right"}], affinity=True),
        namespace=namespace,
    )
    real.do("wait", "--for=condition=Complete", "titandag/both", "-n", namespace, "--timeout=90s")
    assert nodes_of_jobs(real, namespace)["child"] in fake_nodes[:2]


@pytest.mark.parametrize("chosen", [0, 2])
def test_a_child_runs_where_a_running_service_is(
    real: RealCluster, namespace: str, fake_nodes: list[str], chosen: int
) -> None:
    real.apply(
        dag_manifest("served", jobCount=2),
        fake_job("api", "served", fake_nodes[chosen], type="Service", port=8080),
        fake_job("caller", "served", parents=[{"jobID": "api"}], affinity=True),
        namespace=namespace,
    )
    wait_until("the caller's node", lambda: nodes_of_jobs(real, namespace).get("caller"))
    assert nodes_of_jobs(real, namespace)["caller"] == fake_nodes[chosen]


@pytest.mark.usefixtures("lost_node")
@pytest.mark.timeout(240)
def test_a_lost_node_costs_no_attempt_of_the_users(real: RealCluster, namespace: str) -> None:
    job = job_manifest(
        "worker",
        source={"container": {"image": IMAGE}},
        retry={"limit": 0},
        podOverrides={"tolerations": [{"operator": "Exists"}], "nodeSelector": {HOSTNAME: LOST_NODE}},
    )
    real.apply(job, namespace=namespace)
    say_phase(real, namespace, "worker-1", "Running")
    wait_until("its first start", lambda: status(real, namespace).get("phase") == "Running")

    real.do("delete", "node", LOST_NODE)
    # The garbage collector of pods gives a node that is gone 40 seconds, and looks every 20.
    first = wait_until("the loss", lambda: status(real, namespace).get("infrastructureFailures"), seconds=120)
    assert (first, status(real, namespace).get("phase")) == (1, "Pending")

    make_node(real)
    say_phase(real, namespace, "worker-2", "Succeeded")
    wait_until("its end", lambda: status(real, namespace).get("phase") == "Succeeded")
    ended = status(real, namespace)
    assert (ended["attempt"], ended.get("failures", 0), ended["infrastructureFailures"]) == (2, 0, 1)
    assert [attempt["reason"] for attempt in ended["attempts"]] == ["Infrastructure", "Completed"]


def make_node(real: RealCluster) -> None:
    resources = {"cpu": "4", "memory": "8Gi", "pods": "20"}
    ready = {"type": "Ready", "status": "True", "reason": "Test", "message": "said by a test"}
    labels = {HOSTNAME: LOST_NODE, "type": "kwok"}
    node: Json = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": LOST_NODE, "labels": labels}}
    real.apply(node | {"spec": {"taints": [{"key": FAKE_TAINT, "value": "lost", "effect": "NoSchedule"}]}})
    patch = json.dumps({"status": {"capacity": resources, "allocatable": resources, "conditions": [ready]}})
    real.do("patch", "node", LOST_NODE, "--subresource=status", "--type=merge", "-p", patch)


def say_phase(real: RealCluster, namespace: str, pod: str, phase: str) -> None:
    """What a kubelet would say of a pod, once it is bound to the node."""
    wait_until(f"{pod} on its node", lambda: bound_node(real, namespace, pod) == LOST_NODE)
    patch = json.dumps({"status": {"phase": phase}})
    real.do("patch", "pod", pod, "-n", namespace, "--subresource=status", "--type=merge", "-p", patch)


def bound_node(real: RealCluster, namespace: str, pod: str) -> str:
    return real.kubectl("get", "pod", pod, "-n", namespace, "-o", "jsonpath={.spec.nodeName}").stdout


def status(real: RealCluster, namespace: str) -> Json:
    found: Json = real.get("tjob", "worker", "-n", namespace).get("status", {})
    return found


def nodes_of_jobs(real: RealCluster, namespace: str) -> dict[str, str]:
    """The node of each job's pod that has one."""
    pods = real.get("pods", "-n", namespace)["items"]
    placed = [pod for pod in pods if pod["spec"].get("nodeName")]
    return {pod["metadata"]["labels"]["titan.io/job-id"]: pod["spec"]["nodeName"] for pod in placed}

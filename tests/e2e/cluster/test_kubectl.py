"""What people type: kubectl wait, get -w, explain, delete, also while nobody reconciles."""

import json
import subprocess

import pytest
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, wait_until
from builders.operators.manifests import dag_manifest, job_manifest


def test_wait_and_the_columns_tell_the_truth(real: RealCluster, namespace: str) -> None:
    real.apply(
        dag_manifest("two", jobCount=2),
        job_manifest("a", dag="two"),
        job_manifest("b", dag="two", parents=[{"jobID": "a"}]),
        namespace=namespace,
    )
    real.do("wait", "--for=condition=Complete", "titandag/two", "-n", namespace, "--timeout=90s")
    header, row = real.do("get", "titandags", "-n", namespace).splitlines()
    assert header.split() == ["NAME", "PHASE", "DONE", "RUNNING", "FAILED", "APPROVAL", "AGE"]
    assert row.split()[:3] == ["two", "Succeeded", "2/2"]
    assert "Succeeded" in real.do("get", "tjob", "two-b", "-n", namespace)


def test_get_w_shows_a_job_on_its_way(real: RealCluster, namespace: str) -> None:
    command = ["get", "tjob", "-n", namespace, "-w", "--no-headers", "-o", "custom-columns=P:.status.phase"]
    real.apply(job_manifest("slow", "import time; time.sleep(3)"), namespace=namespace)
    with pytest.raises(subprocess.TimeoutExpired) as seen:
        real.kubectl(*command, timeout=25)
    phases = list(dict.fromkeys((seen.value.stdout or b"").decode().split()))
    assert phases[-2:] == ["Running", "Succeeded"]


def test_explain_describes_every_kind(real: RealCluster) -> None:
    for path in ("titandag.spec.maxParallel", "titanjob.spec.approval", "titanapproval.spec.decisions"):
        assert "DESCRIPTION" in real.do("explain", path)


def test_a_wrong_manifest_is_refused_in_one_sentence(real: RealCluster, namespace: str) -> None:
    service = job_manifest("api", type="Service")
    refused = real.kubectl("apply", "-n", namespace, "-f", "-", stdin=json.dumps(service))
    assert refused.returncode == 1
    assert "port" in refused.stderr


def test_deleting_hangs_at_nothing_while_the_operator_is_down(real: RealCluster, namespace: str) -> None:
    real.apply(dag_manifest("doomed", jobCount=1), job_manifest("a", dag="doomed"), namespace=namespace)
    real.do("scale", "deployment/titan-operator", "-n", SYSTEM_NAMESPACE, "--replicas=0")
    try:
        real.do("delete", "titandag", "doomed", "-n", namespace, "--wait=true", "--timeout=60s")
        wait_until("the end of its jobs and pods", lambda: not real.get("pods,tjob,tapp", "-n", namespace)["items"])
    finally:
        real.do("scale", "deployment/titan-operator", "-n", SYSTEM_NAMESPACE, "--replicas=2")
        real.do("rollout", "status", "deployment/titan-operator", "-n", SYSTEM_NAMESPACE, "--timeout=90s")

"""Parts of Titan that die, hang or are replaced in mid-DAG: every job still runs exactly once."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, wait_until
from builders.runner.pod_processes import frozen, writes_of

from titan_sdk import TitanClient, TitanJob

CHAIN = 6
STEP = """
import sys, time
from titan_sdk import TitanClient
client = TitanClient()
client.increment("ran:" + sys.argv[1])
time.sleep(2)
"""
QUIET_STEP = "import time\nprint('one line', flush=True)\ntime.sleep(2)"
STORE_AWAY_SECONDS = 120
STORE_HUNG_SECONDS = 30
WAITING_STEP = """
import sys, time
from titan_sdk import TitanClient
client = TitanClient()
client.increment("ran:" + sys.argv[1])
while client.store_get("gate") != "go":
    time.sleep(0.3)
"""


def chain(script: str) -> list[TitanJob]:
    return [
        TitanJob(f"s{n}", script_content=script, args=[f"s{n}"], parents=[f"s{n - 1}"] if n else None)
        for n in range(CHAIN)
    ]


def assert_each_ran_once(client: TitanClient, dag: str) -> None:
    assert {job.job_id: job.attempt for job in client.list_jobs(dag)} == {f"s{n}": 1 for n in range(CHAIN)}
    assert [client.store_get(f"ran:s{n}") for n in range(CHAIN)] == ["1"] * CHAIN


def leader(real: RealCluster) -> str:
    lease = real.get("lease", "titan-operator", "-n", SYSTEM_NAMESPACE)
    holder = str(lease["spec"].get("holderIdentity") or "")
    names = [pod["metadata"]["name"] for pod in real.get("pods", "-n", SYSTEM_NAMESPACE)["items"]]
    return next((name for name in names if holder.startswith(name)), "")


def settled_writes(real: RealCluster, operator: str) -> Counter[tuple[str, str]]:
    """Its writes, once it has made none for a while."""
    before = writes_of(real, operator)
    while True:
        time.sleep(2)
        now = writes_of(real, operator)
        if now == before:
            return now
        before = now


@pytest.mark.timeout(240)
def test_the_leader_is_killed(client: TitanClient, real: RealCluster) -> None:
    dag = client.submit_dag("killed", chain(STEP))
    wait_until("the second step", lambda: client.store_get("ran:s1") == "1")
    former = wait_until("a leader", lambda: leader(real))
    real.do("delete", "pod", former, "-n", SYSTEM_NAMESPACE, "--grace-period=0", "--force")
    assert client.wait(dag, timeout=180).phase == "Succeeded"
    assert_each_ran_once(client, dag.name)
    assert leader(real) != former


@pytest.mark.timeout(240)
def test_the_leader_is_frozen_and_writes_nothing_when_it_thaws(client: TitanClient, real: RealCluster) -> None:
    dag = client.submit_dag("frozen", chain(WAITING_STEP))
    wait_until("the first step", lambda: client.get_job_status("s0") == "RUNNING")
    former = wait_until("a leader", lambda: leader(real))
    written = settled_writes(real, former)
    with frozen(real, former, "titan_operator"):
        client.store_put("gate", "go")
        wait_until("another leader", lambda: leader(real) not in (former, ""))
    assert client.wait(dag, timeout=180).phase == "Succeeded"
    assert_each_ran_once(client, dag.name)
    assert leader(real) != former
    assert writes_of(real, former) == written


@pytest.mark.timeout(240)
def test_the_store_is_replaced_and_away_for_two_minutes(client: TitanClient, real: RealCluster) -> None:
    dag = client.submit_dag("storeless", chain(QUIET_STEP))
    wait_until("the first job", lambda: client.get_job_status("s0") != "PENDING")
    with scaled(real, "statefulset/titan-store", 0, 1):
        time.sleep(STORE_AWAY_SECONDS)
    assert client.wait(dag, timeout=120).phase == "Succeeded"
    assert {job.job_id: job.attempt for job in client.list_jobs(dag.name)} == {f"s{n}": 1 for n in range(CHAIN)}
    assert client.fetch_logs(f"s{CHAIN - 1}") == "one line\n"


@pytest.mark.timeout(240)
def test_the_store_hangs_in_mid_dag(client: TitanClient, real: RealCluster) -> None:
    dag = client.submit_dag("hung", chain(QUIET_STEP))
    wait_until("the first job", lambda: client.get_job_status("s0") != "PENDING")
    with frozen(real, "titan-store-0", "titan_store"):
        time.sleep(STORE_HUNG_SECONDS)
    assert client.wait(dag, timeout=150).phase == "Succeeded"
    assert {job.job_id: job.attempt for job in client.list_jobs(dag.name)} == {f"s{n}": 1 for n in range(CHAIN)}
    assert [client.fetch_logs(f"s{n}") for n in range(CHAIN)] == ["one line\n"] * CHAIN


@pytest.mark.timeout(240)
def test_helm_upgrade_in_mid_dag(client: TitanClient, real: RealCluster) -> None:
    dag = client.submit_dag("upgraded", chain(STEP))
    wait_until("the second step", lambda: client.store_get("ran:s1") == "1")
    stamp = f"e2e.titan.io/upgraded={int(time.time())}".replace(".", "\\.")
    upgrade = ("upgrade", "titan", "charts/titan", "-n", SYSTEM_NAMESPACE, "--reuse-values", "--wait")
    new_pods = [f"{part}.podAnnotations.{stamp}" for part in ("operator", "store")]
    upgraded = real.helm(*upgrade, "--set-string", ",".join(new_pods))
    assert upgraded.returncode == 0, upgraded.stderr
    assert client.wait(dag, timeout=180).phase == "Succeeded"
    assert_each_ran_once(client, dag.name)
    assert real.helm("rollback", "titan", "-n", SYSTEM_NAMESPACE, "--wait").returncode == 0


@contextmanager
def scaled(real: RealCluster, workload: str, during: int, after: int) -> Iterator[None]:
    real.do("scale", workload, "-n", SYSTEM_NAMESPACE, f"--replicas={during}")
    try:
        yield
    finally:
        real.do("scale", workload, "-n", SYSTEM_NAMESPACE, f"--replicas={after}")
        real.do("rollout", "status", workload, "-n", SYSTEM_NAMESPACE, "--timeout=90s")

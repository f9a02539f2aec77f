"""Steering a DAG on the embedded cluster: runs, suspension, limits, deadlines, cancels, and gates over restarts."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.clusters import component_pids, private_cluster
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob

SLEEP = "import time\nprint('begun', flush=True)\ntime.sleep({seconds})\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with private_cluster() as running:
        yield running


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)


def a_job(job_id: str, script: str = "", **fields: Any) -> TitanJob:
    return TitanJob(job_id, f"{job_id}.py", script_content=script, **fields)


def test_another_run_tries_again_what_failed_and_only_that(cluster: LocalCluster, tmp_path: Path) -> None:
    client, flag = TitanClient(), tmp_path / "flag"
    fails_once = f"import os, sys\nsys.exit(0 if os.path.exists({str(flag)!r}) else 3)"
    jobs = [a_job("a"), a_job("b", fails_once, parents=["a"], retries=0), a_job("c", parents=["b"])]
    dag = client.submit_dag("again", jobs)
    assert client.wait(dag, timeout=60).phase == "Failed"
    flag.touch()
    client.retry(dag.name)
    assert client.wait(dag, timeout=60).phase == "Succeeded"
    assert {job.job_id: job.attempt for job in client.list_jobs(dag=dag.name)} == {"a": 1, "b": 2, "c": 1}


def test_never_more_programs_at_once_than_max_parallel(cluster: LocalCluster, tmp_path: Path) -> None:
    client, ledger = TitanClient(), tmp_path / "ledger"
    script = (
        "import os, time\n"
        f"def tell(word):\n    with open({str(ledger)!r}, 'a') as file:\n        file.write(word + chr(10))\n"
        "tell('+')\ntime.sleep(0.2)\ntell('-')\n"
    )
    dag = client.submit_dag("few", [a_job(f"p{number}", script) for number in range(6)], max_parallel=2)
    assert client.wait(dag, timeout=90).phase == "Succeeded"
    running = most = 0
    for word in ledger.read_text().split():
        running += 1 if word == "+" else -1
        most = max(most, running)
    assert most == 2


def test_a_suspended_dag_waits_and_a_cancelled_one_ends_its_processes(cluster: LocalCluster) -> None:
    client = TitanClient()
    dag = client.submit_dag("stop", [a_job("long", SLEEP.format(seconds=60)), a_job("after", parents=["long"])])
    until(lambda: client.get_job_status("long") == "RUNNING")
    client.suspend(dag.name)
    client.cancel(dag.name)
    assert client.wait(dag, timeout=40).phase == "Cancelled"
    assert {job.phase for job in client.list_jobs(dag=dag.name)} == {"Cancelled"}


def test_a_program_that_outlives_its_deadline_has_failed_and_a_deleted_pod_has_not(cluster: LocalCluster) -> None:
    from kubernetes.client import CoreV1Api
    from kubernetes.config import new_client_from_config

    client = TitanClient()
    late = client.submit_dag("late", [a_job("late", SLEEP.format(seconds=60), timeout=2, retries=0)])
    lost = client.submit_dag("lost", [a_job("lost", SLEEP.format(seconds=2))])
    until(lambda: client.get_job_status("lost") == "RUNNING")
    with new_client_from_config(str(cluster.state_dir / "kubeconfig")) as connection:
        CoreV1Api(connection).delete_namespaced_pod(f"{lost.name}-lost-1", "default")
    assert client.wait(late, timeout=60).phase == "Failed"
    assert "DeadlineExceeded" in client.list_jobs(dag=late.name)[0].message
    assert client.wait(lost, timeout=60).phase == "Succeeded"
    assert client.list_jobs(dag=lost.name)[0].attempt == 2


def test_decisions_and_deadlines_hold_over_the_death_of_the_operator(cluster: LocalCluster) -> None:
    client = TitanClient()
    names = [f"gate-{number}" for number in range(4)]
    gates = {
        name: client.submit_dag(
            name,
            [
                a_job(name, hitl_message="look", max_wait_seconds=6 if name == "gate-3" else 600),
                a_job(f"behind-{name}", parents=[name]),
            ],
        )
        for name in names
    }
    until(lambda: len(client.pending_approvals()) == len(names))
    voices = [threading.Thread(target=client.approve, args=(f"hitl-gate-{name}",)) for name in ("gate-0", "gate-1")]
    voices.append(threading.Thread(target=client.reject, args=("hitl-gate-gate-2",)))
    for voice in voices:
        voice.start()
    os.kill(component_pids(cluster)["operator"], signal.SIGKILL)
    for voice in voices:
        voice.join()
    phases = [client.wait(gates[name], timeout=60).phase for name in names]
    assert phases == ["Succeeded", "Succeeded", "Failed", "Failed"]
    attempts = {job.job_id: job.attempt for name in names for job in client.list_jobs(dag=gates[name].name)}
    assert [attempts[f"behind-{name}"] for name in names] == [1, 1, 0, 0]

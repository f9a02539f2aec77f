"""kill -9 of one component in the middle of a DAG: it completes, and nothing ran more often than its status says.

One seeded moment a component; tests/bench/kills.py does the same to the demo, twenty times each.
"""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.clusters import component_pids, private_cluster
from bench.kills import find_lost
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob

STEP = """
import os, time
with open({ledger!r}, "a") as file:
    file.write(os.environ["TITAN_JOB_ID"] + " " + os.environ["TITAN_ATTEMPT"] + chr(10))
print("begun", flush=True)
time.sleep(0.4)
print("done")
"""
GRAPH = {
    "load": [],
    "left-1": ["load"],
    "right-1": ["load"],
    "left-2": ["left-1"],
    "right-2": ["right-1"],
    "join": ["left-2", "right-2"],
    "check": ["join"],
    "report": ["check"],
}
SPAN_SECONDS = 4.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with private_cluster() as running:
        yield running


@pytest.mark.parametrize("component", ["operator", "store", "apiserver", "kubelet", "scheduler"])
def test_a_dag_completes_exactly_once_although_a_component_was_killed(
    cluster: LocalCluster, component: str, tmp_path: Path
) -> None:
    ledger, client = tmp_path / "ledger", TitanClient()
    ledger.touch()
    kept = [f"{component}-{number}" for number in range(20)]
    assert {client.store_put(key, key) for key in kept} == {"OK"}
    script = STEP.format(ledger=str(ledger))
    jobs = [TitanJob(job, f"{job}.py", script_content=script, parents=parents) for job, parents in GRAPH.items()]
    moment = random.Random(component).uniform(0.2, SPAN_SECONDS)
    killer = threading.Timer(moment, lambda: os.kill(component_pids(cluster)[component], signal.SIGKILL))

    dag = client.submit_dag(f"kill-{component}", jobs)
    killer.start()
    view = client.wait(dag, timeout=90)
    killer.join()

    assert view.phase == "Succeeded", view.message
    status = {job.job_id: job.attempt for job in client.list_jobs(dag=dag.name)}
    said = Counter(f"{job} {attempt}" for job, attempts in status.items() for attempt in range(1, attempts + 1))
    assert Counter(ledger.read_text().splitlines()) == said
    assert set(status) == set(GRAPH)
    assert find_lost(client, kept) == ""
    assert client.fetch_logs("report") == "begun\ndone\n"

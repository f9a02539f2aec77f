"""Where jobs run: GPUs, labelled nodes, priority when there is too little, and nearness to parents."""

from collections.abc import Iterator

import pytest
from builders.kubernetes.real_cluster import RealCluster, wait_until

from titan_sdk import TitanClient, TitanJob

UNTIL_RELEASED = """
import sys, time
from titan_sdk import TitanClient
client = TitanClient()
while client.store_get(sys.argv[1]) != "go":
    time.sleep(0.3)
"""
GPU = "nvidia.com/gpu"
GPUS = 4


@pytest.fixture
def gpu_node(real: RealCluster) -> str:
    """A node that advertises four GPUs: a device plugin's work, done by hand."""
    node = _worker(real)
    patch = f'{{"status":{{"capacity":{{"{GPU}":"{GPUS}"}},"allocatable":{{"{GPU}":"{GPUS}"}}}}}}'
    real.do("patch", "node", node, "--subresource=status", "--type=merge", "-p", patch)
    wait_until("the GPUs", lambda: real.get("node", node)["status"]["allocatable"].get(GPU) == str(GPUS))
    return node


@pytest.fixture
def labelled(real: RealCluster) -> Iterator[list[str]]:
    """Labels that a test puts on a node; they are taken off afterwards."""
    labels: list[str] = []
    yield labels
    for label in labels:
        real.do("label", "node", _worker(real), f"{label.partition('=')[0]}-")


def _worker(real: RealCluster) -> str:
    nodes = real.get("nodes", "-l", "type!=kwok")["items"]
    return str(nodes[0]["metadata"]["name"])


def test_a_fifth_gpu_job_waits_and_says_so_in_the_schedulers_words(client: TitanClient, gpu_node: str) -> None:
    jobs = [TitanJob(f"g{n}", script_content=UNTIL_RELEASED, args=["gate"], requirement="GPU") for n in range(GPUS + 1)]
    dag = client.submit_dag("gpus", jobs)
    wait_until("four running jobs", lambda: client.get_dag(dag.name).counts.get("running") == GPUS)
    waiting = next(job for job in client.list_jobs(dag.name) if job.phase == "Pending")
    wait_until("the scheduler's words", lambda: f"Insufficient {GPU}" in client.why(waiting.job_id))
    client.store_put("gate", "go")
    assert client.wait(dag, timeout=120).phase == "Succeeded"


@pytest.mark.parametrize("tag", ["HIGH_MEM", "FPGA"])
def test_a_tag_waits_for_its_node_and_starves_nobody(
    client: TitanClient, real: RealCluster, labelled: list[str], tag: str
) -> None:
    special = client.submit_dag("special", [TitanJob("picky", script_content="", requirement=tag, priority=10)])
    wait_until("the scheduler's words", lambda: "node affinity/selector" in client.why("picky"))
    ordinary = client.submit_dag("ordinary", [TitanJob("plain", script_content="")])
    assert client.wait(ordinary, timeout=60).phase == "Succeeded"
    labelled.append(f"capability.titan.io/{tag}=true")
    real.do("label", "node", _worker(real), labelled[-1])
    assert client.wait(special, timeout=60).phase == "Succeeded"


def test_what_matters_more_goes_first_when_there_is_too_little(client: TitanClient, gpu_node: str) -> None:
    def takes_all(job_id: str, priority: int) -> TitanJob:
        return TitanJob(job_id, script_content=UNTIL_RELEASED, args=[job_id], gpus=GPUS, priority=priority)

    blocker = client.submit_dag("first", [takes_all("blocker", 1)])
    wait_until("the blocker", lambda: client.get_job_status("blocker") == "RUNNING")
    for job_id, priority in (("low", 2), ("high", 9)):
        client.submit_dag(job_id, [takes_all(job_id, priority)])
        wait_until("its wait", lambda job_id=job_id: f"Insufficient {GPU}" in client.why(job_id))
    client.store_put("blocker", "go")
    client.wait(blocker, timeout=60)
    wait_until("the important one", lambda: client.get_job_status("high") == "RUNNING")
    assert client.get_job_status("low") == "PENDING"
    for job_id in ("high", "low"):
        client.store_put(job_id, "go")
    wait_until("the other", lambda: client.get_job_status("low") == "COMPLETED")

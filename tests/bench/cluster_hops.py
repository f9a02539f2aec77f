"""A chain of jobs on a real cluster against the same pods made by a watcher, one when the kubelet reports the last done.

    python tests/bench/cluster_hops.py [--jobs N] [--kubeconfig FILE]

A hop is from one program's first instruction to the next one's. Titan starts children on the recorded outcome, the
watcher on the pod's phase; everything else (image, command, node) is alike. Prints both and their ratio.
"""

import argparse
import itertools
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders.kubernetes.real_cluster import RealCluster, find_kubeconfig
from kubernetes import watch
from kubernetes.client import CoreV1Api
from kubernetes.config import new_client_from_config

from titan_sdk import TitanJob

GOAL = 0.4
TELL_TIME = "import time; print(time.time(), flush=True)"


def main() -> None:
    """Measure both in one namespace, one after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=12, help="length of the chain")
    parser.add_argument("--kubeconfig", type=Path, default=find_kubeconfig())
    options = parser.parse_args()
    real = RealCluster(options.kubeconfig)
    with real.namespace("hops") as namespace:
        titan = measure_titan(real, namespace, options.jobs)
        watcher = measure_watcher(real, namespace, options.jobs)
    print(f"hop of Titan, p50      {titan * 1000:8.0f} ms")
    print(f"hop of a watcher, p50  {watcher * 1000:8.0f} ms")
    print(f"ratio                  {titan / watcher:8.2f}    (goal {GOAL})")


def measure_titan(real: RealCluster, namespace: str, jobs: int) -> float:
    """Median seconds of a hop in a chain of TitanJobs."""
    client = real.client(namespace)
    ids = [f"hop{number}" for number in range(jobs)]
    dag = client.submit_dag(
        "hops",
        [
            TitanJob(job_id, script_content=TELL_TIME, parents=ids[number - 1 : number])
            for number, job_id in enumerate(ids)
        ],
    )
    ended = client.wait(dag, timeout=jobs * 10 + 60)
    if not ended.succeeded:
        raise SystemExit(f"the chain did not succeed: {ended.message}")
    return median_hop([float(client.fetch_logs(job_id)) for job_id in ids])


def measure_watcher(real: RealCluster, namespace: str, jobs: int) -> float:
    """Median seconds of a hop when each pod is created as soon as the kubelet has reported the last one's end."""
    with new_client_from_config(str(real.kubeconfig)) as connection:
        core = CoreV1Api(connection)
        image = core.list_namespaced_pod(namespace).items[0].spec.containers[0].image
        names = [f"watched-{number}" for number in range(jobs)]
        for name in names:
            core.create_namespaced_pod(namespace, plain_pod(name, image))
            wait_for_end(core, namespace, name)
        return median_hop([float(core.read_namespaced_pod_log(name, namespace)) for name in names])


def wait_for_end(core: CoreV1Api, namespace: str, name: str) -> None:
    """Returns when a watch shows the pod's last phase."""
    stream = watch.Watch()
    for event in stream.stream(
        core.list_namespaced_pod, namespace, field_selector=f"metadata.name={name}", timeout_seconds=60
    ):
        if event["object"].status.phase in {"Succeeded", "Failed"}:
            stream.stop()
            return
    raise SystemExit(f"the pod {name} did not end within a minute")


def plain_pod(name: str, image: str) -> dict[str, Any]:
    """The same program in the same image, without anything of Titan's."""
    return {
        "metadata": {"name": name},
        "spec": {
            "restartPolicy": "Never",
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65532,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "job",
                    "image": image,
                    "imagePullPolicy": "IfNotPresent",
                    "command": ["python3", "-u", "-c", TELL_TIME],
                    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                }
            ],
        },
    }


def median_hop(starts: list[float]) -> float:
    """Of the times at which the programs began, in order."""
    return statistics.median(later - earlier for earlier, later in itertools.pairwise(starts))


if __name__ == "__main__":
    main()

"""DAGs for the dashboard to show: one of thousands of jobs without a single process, and many that run for minutes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kubernetes.client import CustomObjectsApi
from kubernetes.config import new_client_from_config

from titan_api import names
from titan_sdk import TitanClient, TitanJob
from titan_sdk.connections import Connections
from titan_sdk.submit.manifests import Owner, build_dag
from titan_sdk.submit.settings import DagSettings
from titan_sdk.submit.submissions import build_jobs, create_jobs, draw_suffix, new_stamp, plan_dag, prepare

ENDED = "2026-01-01T00:00:00Z"
WRITERS = 8
SLEEP = "echo begun\nsleep {seconds}\n"


def big_shape(jobs: int) -> list[TitanJob]:
    """A root, fan-outs of some hundreds behind one another, each with a join, and chains between them."""
    made = [_job("root")]
    before, number = "root", 0
    while len(made) < jobs:
        room = jobs - len(made)
        width = min(400, room)
        fan = [_job(f"work-{number}-{index}", before) for index in range(width)]
        made += fan
        if len(made) + 12 > jobs:
            continue
        join = _job(f"join-{number}", *(job.job_id for job in fan))
        chain = [_job(f"step-{number}-0", join.job_id)]
        for index in range(1, 8):
            chain.append(_job(f"step-{number}-{index}", chain[-1].job_id))
        made += [join, *chain]
        before, number = chain[-1].job_id, number + 1
    return made[:jobs]


def seed_suspended(kubeconfig: Path, name: str, jobs: Sequence[TitanJob], succeeded: int = 0) -> str:
    """A suspended DAG of these jobs, of which the first so many have succeeded; nothing of it ever starts."""
    connections = Connections()
    kube, stamp = connections.kube(), new_stamp(connections.identity().name)
    submissions = prepare(connections, plan_dag(name, jobs))
    body = build_dag(names.dag_name(name, draw_suffix()), name, len(jobs), DagSettings(), stamp)
    body["spec"]["suspend"] = True
    created = kube.create(names.PLURAL_DAGS, body)
    owner = Owner(created["metadata"]["name"], created["metadata"]["uid"])
    manifests = build_jobs(submissions, owner, stamp)
    create_jobs(kube, manifests, owner)
    if succeeded:
        _end(kubeconfig, kube.namespace, [manifest["metadata"]["name"] for manifest in manifests[:succeeded]])
    return owner.name


def woven_shape(layers: int = 20, width: int = 12, fan: int = 150) -> list[TitanJob]:
    """Layers woven into one another, which nothing folds, and a fan-out that can be opened: the most nodes at once."""
    jobs = [
        _job(
            f"knot-{layer}-{place}",
            *([f"knot-{layer - 1}-{place}", f"knot-{layer - 1}-{(place * 5 + layer) % width}"] if layer else []),
        )
        for layer in range(layers)
        for place in range(width)
    ]
    return [*jobs, *(_job(f"fan-{number}", "knot-0-0") for number in range(fan))]


def start_sleepers(client: TitanClient, dags: int, jobs: int = 1, seconds: int = 900) -> list[str]:
    """So many DAGs that run and do nothing; their names."""
    script = SLEEP.format(seconds=seconds)
    return [
        client.submit_dag(
            f"busy-{number:02}",
            [TitanJob(f"busy-{number:02}-{job}", "busy.sh", script_content=script) for job in range(jobs)],
        ).name
        for number in range(dags)
    ]


def _job(job_id: str, *parents: str) -> TitanJob:
    return TitanJob(job_id, "noop.py", script_content="", parents=list(dict.fromkeys(parents)))


class Statuses:
    """Writes what else only the operator writes: jobs of a suspended DAG end without a process."""

    def __init__(self, kubeconfig: Path, namespace: str = "default") -> None:
        self._connection = new_client_from_config(str(kubeconfig))
        self._api = CustomObjectsApi(self._connection)
        self._namespace = namespace

    def succeed(self, job: str) -> None:
        """The TitanJob of this name has succeeded."""
        status = {"phase": "Succeeded", "attempt": 1, "startTime": ENDED, "completionTime": ENDED}
        where = (names.GROUP, names.VERSION, self._namespace, names.PLURAL_JOBS, job)
        self._api.patch_namespaced_custom_object_status(*where, {"status": status})

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()


def _end(kubeconfig: Path, namespace: str, jobs: Sequence[str]) -> None:
    statuses = Statuses(kubeconfig, namespace)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(statuses.succeed, jobs))
    statuses.close()

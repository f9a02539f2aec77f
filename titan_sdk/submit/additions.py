"""Adding jobs to a DAG that is under way, from outside or from one of its own jobs.

spec.jobCount rises first: from then on the DAG does not end before the announced jobs are there. So nothing is lost
if the DAG's last job ends while they are being created.

A job that adds jobs may run twice (its node may die after the program's end); so jobs that are there already just as
they are wanted are recognised and not doubled. Only a different job of the same id is an error.
"""

from __future__ import annotations

from collections.abc import Sequence

from titan_api import names
from titan_api.json_types import Json
from titan_api.likeness import contains
from titan_api.views import view_dag
from titan_sdk.cluster.kube import Kube
from titan_sdk.connections import Connections
from titan_sdk.errors import TitanConflict
from titan_sdk.runs.lookups import list_jobs
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Owner, Stamp
from titan_sdk.submit.submissions import build_jobs, create_jobs, new_stamp, plan, prepare

RACES = 20
"""How often the number is raised when others add jobs to the same DAG at the same time."""


def add_jobs(connections: Connections, dag: Json, jobs: Sequence[TitanJob]) -> Json:
    """Announce the jobs and create them; returns the TitanDAG.

    Raises ValueError before anything is changed, TitanConflict if the DAG has ended, and TitanError.
    """
    kube, name = connections.kube(), dag["metadata"]["name"]
    check_growing(dag)
    if not jobs:
        raise ValueError(f"DAG {name!r}: there is no job to add")
    present = {raw["spec"]["jobID"]: raw for raw in list_jobs(kube, name)}
    planned = plan(f"DAG {name!r}", jobs, [(job_id, _own_parents(raw)) for job_id, raw in present.items()])
    submissions, stamp = prepare(connections, planned, present=present), new_stamp(connections.identity().name)
    owner = Owner(name, dag["metadata"]["uid"])
    wanted = build_jobs(submissions, owner, stamp)
    missing = [manifest for manifest in wanted if not _is_there(name, present.get(manifest["spec"]["jobID"]), manifest)]
    if not missing:
        return dag
    announced = _announce(kube, dag, len(missing), stamp)
    create_jobs(kube, missing, owner)
    return announced


def _is_there(dag: str, known: Json | None, manifest: Json) -> bool:
    """Whether the TitanJob of that id is just as it is wanted. Raises ValueError if it is another one."""
    if known is None:
        return False
    spec = manifest["spec"]
    if not contains(known["spec"], {field: value for field, value in spec.items() if field != "requestedBy"}):
        raise ValueError(f"the DAG {dag!r} has another job of the id {spec['jobID']!r}")
    return True


def check_growing(dag: Json) -> None:
    """Raise TitanConflict for a DAG that takes no more jobs."""
    view = view_dag(dag)
    if view.is_final:
        raise TitanConflict(f"the DAG {view.name!r} has ended ({view.phase}) and takes no more jobs: submit a new one")
    if view.cancelling:
        raise TitanConflict(f"the DAG {view.name!r} is being cancelled and takes no more jobs")


def _announce(kube: Kube, dag: Json, number: int, stamp: Stamp) -> Json:
    name, uid = dag["metadata"]["name"], dag["metadata"]["uid"]
    for _ in range(RACES):
        if dag["metadata"]["uid"] != uid:
            raise TitanConflict(f"the DAG {name!r} was deleted, and another one of its name exists now")
        annotations = dag["metadata"].get("annotations") or {}
        if annotations.get(names.ANNOTATION_ADDED) == stamp.submitted:
            # Our own request got through although its answer got lost.
            return dag
        check_growing(dag)
        count = dag["spec"].get("jobCount")
        if count is None:
            # Its jobs start as they come; there is no number to raise.
            return dag
        body = {
            "metadata": {
                "resourceVersion": dag["metadata"]["resourceVersion"],
                "annotations": {names.ANNOTATION_ADDED: stamp.submitted},
            },
            "spec": {"jobCount": count + number},
        }
        try:
            return kube.patch(names.PLURAL_DAGS, name, body)
        except TitanConflict:
            dag = kube.get(names.PLURAL_DAGS, name)
    raise TitanConflict(f"so many add jobs to the DAG {name!r} that these found no place; try again")


def _own_parents(raw: Json) -> list[str]:
    return [parent["jobID"] for parent in raw["spec"].get("parents") or () if not parent.get("uid")]

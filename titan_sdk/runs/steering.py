"""Changing what is under way: cancel, suspend, resume, retry, and the end of a service.

Each call sets a field of spec, and the operator does the rest; so all of them return at once, and saying the same
twice is harmless.
"""

from __future__ import annotations

from titan_api import names, retries
from titan_api.json_types import Json
from titan_api.views import DagView, JobView, view_dag, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanConflict
from titan_sdk.runs import lookups
from titan_sdk.runs.targets import Target, find_target

RACES = 10
"""How often a change is tried when others write the same TitanDAG at the same time."""


def set_field(kube: Kube, target: str, field: str, value: bool) -> DagView | JobView:
    """Set one of cancel and suspend on a DAG or a job; returns what it was then."""
    found = find_target(kube, target)
    return _view(found, kube.patch(found.plural, found.name, {"spec": {field: value}}))


def retry(kube: Kube, target: str) -> DagView:
    """Start the DAG's next run. Raises TitanConflict if nothing in it failed or was cancelled.

    Jobs that somebody cancelled one by one take part: a job enters a run as it is, so its cancel is taken back before.
    """
    found = find_target(kube, target)
    if not found.is_dag:
        raise TitanConflict(_no_dag(kube, found))
    wanted: int | None = None
    for _ in range(RACES):
        raw = kube.get(names.PLURAL_DAGS, found.name)
        run = retries.current_run(raw)
        if retries.is_waiting(raw) or (wanted is not None and run >= wanted):
            # Our own request got through although its answer got lost, or somebody else asked for the same.
            return view_dag(raw)
        obstacle = retries.find_obstacle(view_dag(raw))
        if obstacle is not None:
            raise TitanConflict(obstacle)
        if wanted is None:
            _take_cancels_back(kube, found.name)
        wanted = run + 1
        try:
            return view_dag(kube.patch(names.PLURAL_DAGS, found.name, retries.start_run(raw, wanted)))
        except TitanConflict:
            continue
    raise TitanConflict(f"the DAG {found.name!r} is being changed by too many at once; try again")


def stop_service(kube: Kube, service_id: str) -> JobView:
    """End a service; returns what it was then. Raises TitanNotFound, and TitanConflict for what does not serve."""
    job = view_job(lookups.get_job(kube, service_id))
    if not job.is_service:
        raise TitanConflict(f"the job {job.job_id!r} is no service; cancel ends it")
    if job.is_final:
        raise TitanConflict(f"the service {job.job_id!r} has ended already: {job.phase}")
    return view_job(kube.patch(names.PLURAL_JOBS, job.name, {"spec": {"cancel": True}}))


def _take_cancels_back(kube: Kube, dag: str) -> None:
    for name in retries.cancels_to_undo(map(view_job, lookups.list_jobs(kube, dag))):
        kube.patch(names.PLURAL_JOBS, name, dict(retries.CANCEL_TAKEN_BACK))


def _no_dag(kube: Kube, target: Target) -> str:
    dag = view_job(kube.get(names.PLURAL_JOBS, target.name)).dag
    if dag is None:
        return f"the job {target.name!r} stands alone and is not run again: submit it once more"
    return f"{target.name!r} is a job of the DAG {dag!r}: retry that, and all in it that failed runs again"


def _view(target: Target, raw: Json) -> DagView | JobView:
    return view_dag(raw) if target.is_dag else view_job(raw)

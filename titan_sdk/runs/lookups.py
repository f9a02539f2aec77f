"""Finding DAGs, jobs and services by what people call them.

An id may have been submitted many times; the newest submission wins. A job is found by a label, so the API server
sends only the few objects that carry it.

The operator writes a service's address into its TitanJob, so nobody has to know whether the cluster has DNS: on
Kubernetes it is the name of a Service, which resolves inside the cluster; on the embedded cluster it is a port of
this machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from titan_api import names
from titan_api.json_types import Json
from titan_api.views import JobView, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanConflict, TitanNotFound

_OBJECT_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


def find_dag(kube: Kube, name: str) -> Json | None:
    """The TitanDAG of that name, else the newest one that a user called so; None if there is neither."""
    found = _get(kube, names.PLURAL_DAGS, name)
    if found is not None:
        return found
    return newest(dag for dag in kube.list(names.PLURAL_DAGS).items if dag["spec"]["name"] == name)


def find_job(kube: Kube, job_id: str, dag: str | None = None) -> Json | None:
    """The newest TitanJob of that id (with or without ``DAG-``), else the TitanJob of that name; None if neither.

    ``dag``: name of a TitanDAG to which it must belong.
    """
    plain = names.plain_job_id(job_id)
    ids = {job_id, plain, names.LEGACY_ID_PREFIX + plain}
    labels = f"{names.LABEL_JOB_ID} in ({','.join(sorted(map(names.label_value, ids)))})"
    if dag is not None:
        labels += f",{names.LABEL_DAG}={names.label_value(dag)}"
    jobs = (job for job in kube.list(names.PLURAL_JOBS, labels=labels).items if job["spec"]["jobID"] in ids)
    found = newest(jobs) or _get(kube, names.PLURAL_JOBS, job_id)
    return found if found is None or dag is None or found["spec"].get("dag") == dag else None


def get_dag(kube: Kube, name: str) -> Json:
    """As ``find_dag``; raises TitanNotFound."""
    found = find_dag(kube, name)
    if found is None:
        raise TitanNotFound(f"there is no DAG {name!r} in namespace {kube.namespace!r}")
    return found


def get_job(kube: Kube, job_id: str, dag: str | None = None) -> Json:
    """As ``find_job``; raises TitanNotFound."""
    found = find_job(kube, job_id, dag)
    if found is None:
        where = f"DAG {dag!r}" if dag is not None else f"namespace {kube.namespace!r}"
        raise TitanNotFound(f"there is no job {job_id!r} in {where}")
    return found


def list_jobs(kube: Kube, dag: str | None) -> list[Json]:
    """The TitanJobs of a TitanDAG's name, or all; oldest first."""
    labels = f"{names.LABEL_DAG}={names.label_value(dag)}" if dag is not None else ""
    jobs = kube.list(names.PLURAL_JOBS, labels=labels).items
    return sorted((job for job in jobs if dag is None or job["spec"].get("dag") == dag), key=age_key)


def list_standalone_jobs(kube: Kube) -> list[Json]:
    """The TitanJobs without a DAG, newest first.

    A namespace may hold thousands of jobs of DAGs; all that the SDK made carry the label, so they are not sent.
    """
    jobs = kube.list(names.PLURAL_JOBS, labels=f"!{names.LABEL_DAG}").items
    return sorted((job for job in jobs if job["spec"].get("dag") is None), key=age_key, reverse=True)


def list_services(kube: Kube, dag: str | None = None) -> list[JobView]:
    """The services of a DAG, or of the namespace, that have not ended; oldest first."""
    jobs = map(view_job, list_jobs(kube, dag))
    return [job for job in jobs if job.is_service and not job.is_final]


def get_address(kube: Kube, service_id: str, dag: str | None = None) -> str:
    """host:port. Raises TitanNotFound, and TitanConflict for what is no service or does not run."""
    job = view_job(get_job(kube, service_id, dag))
    if not job.is_service:
        raise TitanConflict(f"the job {job.job_id!r} is no service")
    if job.is_final or job.address is None:
        raise TitanConflict(f"the service {job.job_id!r} does not run: it is {job.phase}")
    return job.address


def newest(objects: Iterable[Json]) -> Json | None:
    """The object that was submitted last."""
    return max(objects, key=age_key, default=None)


def age_key(raw: Json) -> tuple[str, str, str]:
    """Sorts by age. Creation times have whole seconds, so within one the SDK's own stamp decides."""
    metadata = raw["metadata"]
    stamp = (metadata.get("annotations") or {}).get(names.ANNOTATION_SUBMITTED, "")
    return metadata.get("creationTimestamp", ""), stamp, metadata["name"]


def _get(kube: Kube, plural: str, name: str) -> Json | None:
    if not _OBJECT_NAME.fullmatch(name):
        return None
    try:
        return kube.get(plural, name)
    except TitanNotFound:
        return None

"""Services that run now, and where their ports are.

The operator writes the address into the TitanJob, so nobody has to know whether the cluster has DNS: on Kubernetes it
is the name of a Service, which resolves inside the cluster; on the embedded cluster it is a port of this machine.
"""

from __future__ import annotations

from titan_api.views import JobView, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanConflict
from titan_sdk.runs.lookups import get_job, list_jobs


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

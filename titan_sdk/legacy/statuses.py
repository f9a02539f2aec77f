"""``get_job_status``: one word for a job or a gate, in the vocabulary of the earlier Titan."""

from __future__ import annotations

from titan_api import names
from titan_api.views import JobView, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.runs.gates import Located, locate
from titan_sdk.runs.lookups import find_job

UNKNOWN = "NULL"
OF_PHASE = {
    "Pending": "PENDING",
    "Running": "RUNNING",
    "Serving": "COMPLETED",
    "Succeeded": "COMPLETED",
    "Failed": "FAILED",
    "Cancelled": "CANCELLED",
}
"""A service is complete, for its children and for this call, as soon as its port answers."""
OF_GATE = {
    "Scheduled": "PENDING",
    "Pending": "RUNNING",
    "Approved": "COMPLETED",
    "Rejected": "FAILED",
    "TimedOut": "FAILED",
}


def get_status(kube: Kube, job_id: str) -> str:
    """PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; "NULL" for what is unknown. Newest submission wins."""
    plain = names.plain_job_id(job_id)
    if plain.startswith(names.GATE_ID_PREFIX):
        located = locate(kube, plain)
        if located is not None:
            return status_of_gate(located)
    found = find_job(kube, job_id)
    return UNKNOWN if found is None else status_of_job(view_job(found))


def status_of_job(job: JobView) -> str:
    """The word for a job."""
    return OF_PHASE.get(job.phase, UNKNOWN)


def status_of_gate(gate: Located) -> str:
    """The word for a gate; one that will never open, because its job did not succeed, is CANCELLED."""
    if gate.job is not None and gate.job.is_final and not gate.job.succeeded:
        return "CANCELLED"
    phase = ((gate.approval or {}).get("status") or {}).get("phase") or "Scheduled"
    return OF_GATE.get(phase, UNKNOWN)

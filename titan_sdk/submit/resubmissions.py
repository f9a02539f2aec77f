"""Submitting a DAG once more: as a new one, from the beginning. What a copy is, is said in ``titan_api.copies``."""

from __future__ import annotations

from titan_api import names
from titan_api.copies import copy_dag, own_job
from titan_api.json_types import Json
from titan_sdk.accepted import Accepted
from titan_sdk.connections import Connections
from titan_sdk.errors import TitanConflict
from titan_sdk.runs.lookups import list_jobs
from titan_sdk.submit.manifests import Owner
from titan_sdk.submit.submissions import create_all_or_nothing, create_under_new_name, new_stamp


def resubmit(connections: Connections, dag: Json) -> Accepted:
    """Create a copy of a TitanDAG and of its TitanJobs, all or nothing.

    Raises TitanConflict if jobs of it are not there any more, and TitanError.
    """
    kube, stamp = connections.kube(), new_stamp(connections.identity().name)
    jobs = list_jobs(kube, dag["metadata"]["name"])

    def copied(suffix: str) -> tuple[Json, list[Json]]:
        try:
            return copy_dag(dag, jobs, suffix, stamp.requested_by, stamp.submitted)
        except ValueError as error:
            raise TitanConflict(str(error)) from error

    created = create_under_new_name(kube, names.PLURAL_DAGS, stamp, lambda suffix: copied(suffix)[0])
    owner = Owner(created["metadata"]["name"], created["metadata"]["uid"])
    # The suffix that was drawn for the copy is the last one tried.
    manifests = [own_job(job, created) for job in copied(owner.name[-names.SUFFIX_LENGTH :])[1]]
    create_all_or_nothing(kube, manifests, owner)
    return Accepted(owner.name, [job["spec"]["jobID"] for job in jobs], kube.namespace, is_dag=True)

"""What people point at: the answer of a submission, a DAG by any of its names, or a job by its id."""

from __future__ import annotations

from dataclasses import dataclass

from titan_api import names
from titan_sdk.accepted import ACCEPTED, Accepted
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanNotFound, TitanUnavailable
from titan_sdk.runs import lookups


@dataclass(frozen=True)
class Target:
    """An object of the cluster."""

    is_dag: bool
    name: str

    @property
    def plural(self) -> str:
        """Its kind, as paths have it."""
        return names.PLURAL_DAGS if self.is_dag else names.PLURAL_JOBS


def find_target(kube: Kube, target: str) -> Target:
    """The object that is meant; a DAG before a job of the same name. Raises TitanNotFound."""
    if isinstance(target, Accepted):
        return Target(target.is_dag, target.name)
    if target.startswith("CONNECTION_ERROR") or target == ACCEPTED:
        raise TitanUnavailable(f"nothing was submitted: {target}")
    dag = lookups.find_dag(kube, target)
    if dag is not None:
        return Target(True, dag["metadata"]["name"])
    job = lookups.find_job(kube, target)
    if job is not None:
        return Target(False, job["metadata"]["name"])
    raise TitanNotFound(f"there is no DAG and no job {target!r} in namespace {kube.namespace!r}")

"""The Deployment and the pods of each service, by uid of the TitanJob."""

from typing import TypeVar

from titan_operator.plan.observed import ServiceView
from titan_operator.records import DeploymentRecord, PodRecord

T = TypeVar("T")


class ServicesByJob:
    """Updated by each event; holds nothing of services that are gone."""

    def __init__(self) -> None:
        self._deployments: dict[str, dict[str, DeploymentRecord]] = {}
        self._pods: dict[str, dict[str, PodRecord]] = {}

    def view(self, job_uid: str) -> ServiceView:
        """What there is of a service; its pods by age."""
        deployments = self._deployments.get(job_uid, {})
        pods = self._pods.get(job_uid, {}).values()
        return ServiceView(
            next(iter(deployments.values()), None),
            tuple(sorted(pods, key=lambda pod: (pod.meta.created, pod.meta.resource_version))),
        )

    def put_deployment(self, deployment: DeploymentRecord, *, is_gone: bool) -> None:
        """Follow one Deployment; one that no TitanJob owns is nobody's service."""
        if deployment.job_uid:
            _put(self._deployments, deployment.job_uid, deployment.meta.name, deployment, is_gone=is_gone)

    def put_pod(self, pod: PodRecord, *, is_gone: bool) -> None:
        """Follow one pod of a service."""
        _put(self._pods, pod.serves, pod.meta.name, pod, is_gone=is_gone)

    def __len__(self) -> int:
        return len(self._deployments) + len(self._pods)


def _put(places: dict[str, dict[str, T]], uid: str, name: str, record: T, *, is_gone: bool) -> None:
    own = places.setdefault(uid, {})
    if is_gone:
        own.pop(name, None)
    else:
        own[name] = record
    if not own:
        del places[uid]

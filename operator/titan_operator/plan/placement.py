"""Where a pod may and should run: nearness to parents."""

from typing import Any

from titan_api import names

HOSTNAME_LABEL = "kubernetes.io/hostname"


def near_parents(nodes: tuple[str, ...], services: tuple[str, ...] = ()) -> dict[str, Any]:
    """A preference for the parents' hosts: by name where they have run, and for those that serve, wherever they run.

    Preferred node affinity, because the scheduler ignores finished pods: pod affinity to them never matches, and
    would leave the pod Pending for ever if it were required. A service may be moved, so pods of services are followed.
    """
    affinity: dict[str, Any] = {}
    if nodes:
        match = {"key": HOSTNAME_LABEL, "operator": "In", "values": sorted(nodes)}
        preference = {"weight": 100, "preference": {"matchExpressions": [match]}}
        affinity["nodeAffinity"] = {"preferredDuringSchedulingIgnoredDuringExecution": [preference]}
    if services:
        match = {"key": names.LABEL_JOB_UID, "operator": "In", "values": sorted(services)}
        term = {"labelSelector": {"matchExpressions": [match]}, "topologyKey": HOSTNAME_LABEL}
        wish = {"weight": 100, "podAffinityTerm": term}
        affinity["podAffinity"] = {"preferredDuringSchedulingIgnoredDuringExecution": [wish]}
    return affinity

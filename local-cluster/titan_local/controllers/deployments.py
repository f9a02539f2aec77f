"""What a Deployment needs now: a pure function of it and its pods."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from titan_api.json_types import Json
from titan_api.times import format_second

HASH_LABEL = "pod-template-hash"
"""On every pod of a Deployment, as on the real ones: tells pods of a former template."""
ENDED = ("Succeeded", "Failed")


@dataclass(frozen=True)
class CreatePod:
    """One more is needed."""

    deployment: Json
    pod: Json


@dataclass(frozen=True)
class DeletePod:
    """One too many, or of no use any more."""

    pod: Json


@dataclass(frozen=True)
class WriteStatus:
    """The Deployment's status is another one than it says."""

    deployment: Json
    status: Json


Decision = CreatePod | DeletePod | WriteStatus


def plan_deployment(deployment: Json, pods: Sequence[Json], now: datetime, draw: Callable[[], str]) -> list[Decision]:
    """Pods to create and delete, and the status. ``draw`` gives the random end of a pod's name."""
    if deployment["metadata"].get("deletionTimestamp"):
        return []
    wanted, current = int(deployment["spec"]["replicas"]), template_hash(deployment)
    living = [pod for pod in pods if _is_living(pod)]
    outdated = [pod for pod in living if pod["metadata"]["labels"].get(HASH_LABEL) != current]
    ended = [pod for pod in pods if _has_ended(pod) and not pod["metadata"].get("deletionTimestamp")]
    decisions: list[Decision] = [DeletePod(pod) for pod in (*outdated, *ended)]
    if not outdated:
        living.sort(key=lambda pod: (not is_ready(pod), pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]))
        decisions += [DeletePod(pod) for pod in living[wanted:]]
        missing = max(wanted - len(living), 0)
        decisions += [CreatePod(deployment, _pod(deployment, current, draw())) for _ in range(missing)]
    status = _status(deployment, living, len(living) - len(outdated), now)
    if status != {field: (deployment.get("status") or {}).get(field) for field in status}:
        decisions.append(WriteStatus(deployment, status))
    return decisions


def template_hash(deployment: Json) -> str:
    """A hash that is equal for equal templates."""
    text = json.dumps(deployment["spec"]["template"], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def is_ready(pod: Json) -> bool:
    """Whether it answers, as its probe says."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    return _is_living(pod) and any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def _has_ended(pod: Json) -> bool:
    return (pod.get("status") or {}).get("phase") in ENDED


def _is_living(pod: Json) -> bool:
    return not pod["metadata"].get("deletionTimestamp") and not _has_ended(pod)


def _pod(deployment: Json, current: str, suffix: str) -> Json:
    metadata, template = deployment["metadata"], deployment["spec"]["template"]
    owner = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
    own = template.get("metadata") or {}
    labels = {**(own.get("labels") or {}), HASH_LABEL: current}
    head = {"name": f"{metadata['name']}-{current}-{suffix}", "labels": labels, "ownerReferences": [owner]}
    head |= {"annotations": own["annotations"]} if own.get("annotations") else {}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": head, "spec": template["spec"]}


def _status(deployment: Json, living: list[Json], updated: int, now: datetime) -> Json:
    """Counts that are zero are absent, which is null in a merge patch."""
    wanted, ready = int(deployment["spec"]["replicas"]), sum(map(is_ready, living))
    is_available = ready >= wanted
    return {
        "observedGeneration": deployment["metadata"]["generation"],
        "replicas": len(living) or None,
        "updatedReplicas": updated or None,
        "readyReplicas": ready or None,
        "availableReplicas": ready or None,
        "unavailableReplicas": max(wanted - ready, 0) or None,
        "conditions": [
            _condition(deployment, now, "Available", is_available, "MinimumReplicas"),
            _condition(deployment, now, "Progressing", True, "NewReplicaSet"),
        ],
    }


def _condition(deployment: Json, now: datetime, kind: str, holds: bool, reason: str) -> Json:
    known = (deployment.get("status") or {}).get("conditions") or []
    before = next((c for c in known if c["type"] == kind), None)
    if before is not None and before["status"] == str(holds):
        return dict(before)
    reason += "Available" if holds else "Unavailable"
    return {"type": kind, "status": str(holds), "reason": reason, "lastTransitionTime": format_second(now)}

"""What a DELETE does to an object: nothing yet, marks, or the end. Pure: the time is an argument."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_local.apiserver.rules.errors import ApiError, conflict, forbidden, invalid
from titan_local.apiserver.rules.mistakes import FieldError, unsupported
from titan_local.apiserver.rules.resources import ResourceType

ORPHAN = "orphan"
FOREGROUND = "foregroundDeletion"
PROTECTED_NAMESPACES = frozenset({"default", "kube-system", "kube-public"})
_POLICIES = {"Foreground": FOREGROUND, "Orphan": ORPHAN, "Background": ""}
_ENDED = ("Succeeded", "Failed")


@dataclass(frozen=True)
class Leave:
    """It is being deleted already, and not sooner than was asked for now."""


@dataclass(frozen=True)
class Mark:
    """Somebody (a kubelet, the holder of a finalizer, the collector) has to act first."""

    object: Json


@dataclass(frozen=True)
class Remove:
    """Nothing keeps it."""


def plan_deletion(resource: ResourceType, obj: Json, options: Json, now: datetime) -> Leave | Mark | Remove:
    """What to do. Raises ApiError 403 for a protected namespace, 409 for preconditions that
    do not hold, 422 for options that make no sense."""
    _check_options(resource, obj, options)
    metadata = obj["metadata"]
    if resource.plural == "namespaces" and metadata["name"] in PROTECTED_NAMESPACES:
        raise forbidden(f'namespaces "{metadata["name"]}" is forbidden: this namespace may not be deleted')
    grace = _grace_seconds(resource, obj, options)
    finalizers = _finalizers(resource, obj, options)
    if not finalizers and grace == 0 and not _is_inhabited(obj):
        return Remove()
    is_marked = "deletionTimestamp" in metadata
    shorter = grace < metadata.get("deletionGracePeriodSeconds", 0)
    if is_marked and not shorter and finalizers == list(metadata.get("finalizers") or []):
        return Leave()
    marks: Json = {"finalizers": finalizers} if finalizers else {}
    if not is_marked or shorter:
        marks["deletionTimestamp"] = format_second(now + timedelta(seconds=grace))
        marks["deletionGracePeriodSeconds"] = grace
    if "generation" in metadata:
        marks["generation"] = metadata["generation"] + 1
    status = {"status": {"phase": "Terminating"}} if resource.plural == "namespaces" else {}
    return Mark(obj | {"metadata": metadata | marks} | status)


def is_finished(obj: Json) -> bool:
    """Whether a marked object may go: no finalizer is left, and no kubelet is waited for."""
    metadata = obj["metadata"]
    is_marked = "deletionTimestamp" in metadata and not metadata.get("finalizers")
    return is_marked and not metadata.get("deletionGracePeriodSeconds") and not _is_inhabited(obj)


def _is_inhabited(obj: Json) -> bool:
    """Namespaces alone have finalizers in their spec: until the collector has emptied them."""
    return obj["kind"] == "Namespace" and bool((obj.get("spec") or {}).get("finalizers"))


def _check_options(resource: ResourceType, obj: Json, options: Json) -> None:
    wanted = options.get("preconditions") or {}
    metadata = obj["metadata"]
    for field, title, end in (
        ("uid", "UID", "deleted and then recreated"),
        ("resourceVersion", "ResourceVersion", "modified"),
    ):
        given, found = wanted.get(field), metadata[field]
        if given and given != found:
            why = (
                f"the {title} in the precondition ({given}) does not match the {title} in record ({found}). "
                f"The object might have been {end}"
            )
            raise conflict(replace(resource, plural=resource.kind), metadata["name"], why)
    policy = options.get("propagationPolicy")
    if policy and policy not in _POLICIES:
        raise _bad_options([unsupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"])])
    if policy and options.get("orphanDependents") is not None:
        text = "orphanDependents and deletionPropagation cannot be both set"
        raise _bad_options([FieldError("propagationPolicy", "Invalid value", policy, text)])


def _bad_options(mistakes: list[FieldError]) -> ApiError:
    kind = ResourceType("meta.k8s.io", "v1", "deleteoptions", "deleteoptions", "DeleteOptions")
    return invalid(kind, "", mistakes)


def _finalizers(resource: ResourceType, obj: Json, options: Json) -> list[str]:
    """Those that are there, and the collector's own for a policy that makes it act before the object goes."""
    found = list(obj["metadata"].get("finalizers") or [])
    policy = options.get("propagationPolicy")
    if policy or options.get("orphanDependents") is not None:
        wanted = _POLICIES[policy] if policy else (ORPHAN if options["orphanDependents"] else "")
        found = [item for item in found if item not in (ORPHAN, FOREGROUND)] + ([wanted] if wanted else [])
    return found


def _grace_seconds(resource: ResourceType, obj: Json, options: Json) -> int:
    """Only pods that a kubelet may be running end gracefully."""
    if resource.plural != "pods" or not obj["spec"].get("nodeName"):
        return 0
    if (obj.get("status") or {}).get("phase") in _ENDED:
        return 0
    given = options.get("gracePeriodSeconds")
    seconds = int(given if given is not None else obj["spec"].get("terminationGracePeriodSeconds", 30))
    return seconds if seconds >= 0 else 1

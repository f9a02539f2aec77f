"""The built-in kinds: which rules are whose, and those of the smallest kinds."""

from collections.abc import Iterable, Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.builtin.claims import claim_errors, prepare_claim
from titan_local.apiserver.rules.builtin.definitions import prepare_definition, validate_definition
from titan_local.apiserver.rules.builtin.deployments import default_deployment, validate_deployment
from titan_local.apiserver.rules.builtin.maps import map_errors, prepare_secret
from titan_local.apiserver.rules.builtin.pods import default_pod, validate_pod, validate_pod_update
from titan_local.apiserver.rules.builtin.roles import binding_errors, role_errors
from titan_local.apiserver.rules.builtin.services import prepare_service, service_errors
from titan_local.apiserver.rules.mistakes import FieldError, choice_errors, invalid_value, prohibited
from titan_local.apiserver.rules.resources import ResourceType

_HIGHEST_PRIORITY = 1_000_000_000
_PREEMPTION = ["PreemptLowerPriority", "Never"]
_SYSTEM_CLASS_TEXT = (
    "priority class names with 'system-' prefix are reserved for system use only. error: {name} is not a known system "
    "priority class"
)


def prepare_builtin(resource: ResourceType, obj: Json, *, is_new: bool) -> Json:
    """The object with what the API server fills in; a new one with its first status too."""
    match resource.plural:
        case "pods":
            return default_pod(obj, is_new=is_new)
        case "namespaces" if is_new:
            return obj | {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
        case "secrets":
            return prepare_secret(obj)
        case "services":
            return prepare_service(obj, is_new=is_new)
        case "persistentvolumeclaims":
            return prepare_claim(obj, is_new=is_new)
        case "priorityclasses":
            return {
                **obj,
                "value": obj.get("value", 0),
                "preemptionPolicy": obj.get("preemptionPolicy", _PREEMPTION[0]),
            }
        case "events":
            defaults = {"type": "Normal", "reportingComponent": "", "reportingInstance": "", "source": {}}
            return obj | {field: obj.get(field, value) for field, value in defaults.items()}
        case "deployments":
            return default_deployment(obj, is_new=is_new)
        case "customresourcedefinitions":
            return prepare_definition(obj)
    return obj


def validate_builtin(resource: ResourceType, obj: Json, old: Json | None) -> list[FieldError]:
    """Every mistake of a built-in object; metadata is checked elsewhere."""
    return list(_errors(resource, obj, old))


def _errors(resource: ResourceType, obj: Json, old: Json | None) -> Iterable[FieldError]:
    match resource.plural:
        case "pods":
            return validate_pod(obj) + (validate_pod_update(old, obj) if old is not None else [])
        case "configmaps" | "secrets":
            return map_errors(obj, old)
        case "services":
            return service_errors(obj)
        case "deployments":
            return validate_deployment(obj, old)
        case "persistentvolumeclaims":
            return claim_errors(obj, old)
        case "events":
            return _event_errors(obj)
        case "leases":
            return _lease_errors(obj)
        case "priorityclasses":
            return _priority_class_errors(obj, old)
        case "roles" | "clusterroles":
            return role_errors(obj, is_namespaced=resource.namespaced)
        case "rolebindings" | "clusterrolebindings":
            return binding_errors(obj, old, is_namespaced=resource.namespaced)
        case "customresourcedefinitions":
            return validate_definition(obj)
    return ()


def _priority_class_errors(obj: Json, old: Json | None) -> Iterator[FieldError]:
    name, policy = obj["metadata"].get("name", ""), obj["preemptionPolicy"]
    if old is not None:
        if obj["value"] != old["value"]:
            yield prohibited("value", "may not be changed in an update.")
        if policy != old["preemptionPolicy"]:
            yield invalid_value("preemptionPolicy", policy, "field is immutable")
    elif name.startswith("system-"):
        yield prohibited("metadata.name", _SYSTEM_CLASS_TEXT.format(name=name))
    elif obj["value"] > _HIGHEST_PRIORITY:
        yield prohibited("value", f"maximum allowed value of a user defined priority is {_HIGHEST_PRIORITY}")
    yield from choice_errors("preemptionPolicy", policy, _PREEMPTION)


def _lease_errors(obj: Json) -> Iterator[FieldError]:
    spec = obj.get("spec") or {}
    seconds, transitions = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions")
    if seconds is not None and seconds <= 0:
        yield invalid_value("spec.leaseDurationSeconds", seconds, "must be greater than 0")
    if transitions is not None and transitions < 0:
        yield invalid_value("spec.leaseTransitions", transitions, "must be greater than or equal to 0")


def _event_errors(obj: Json) -> Iterator[FieldError]:
    """An event is where its object is; those of objects without a namespace are in default or kube-system."""
    namespace = obj["metadata"].get("namespace")
    involved = (obj.get("involvedObject") or {}).get("namespace") or ""
    if involved != namespace and (involved or namespace not in ("default", "kube-system")):
        yield invalid_value("involvedObject.namespace", involved, "does not match event.namespace")

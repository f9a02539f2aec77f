"""The other built-in kinds: the few defaults and checks that a client would notice."""

import base64
import re
from typing import Any

from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.rules.definitions import validate_definition
from titan_local.apiserver.rules.deployments import default_deployment, validate_deployment
from titan_local.apiserver.rules.errors import FieldError, invalid_value, required, unsupported
from titan_local.apiserver.rules.pods import default_pod, validate_pod, validate_pod_update

Json = dict[str, Any]


def prepare_builtin(resource: ResourceType, obj: Json, *, is_new: bool) -> Json:
    """The object with what the API server fills in; a new one with its first status too."""
    match resource.plural:
        case "pods":
            return default_pod(obj, is_new=is_new)
        case "namespaces" if is_new:
            return obj | {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
        case "secrets":
            return _prepare_secret(obj)
        case "services":
            return _prepare_service(obj, is_new=is_new)
        case "priorityclasses":
            return {**obj, "preemptionPolicy": obj.get("preemptionPolicy", "PreemptLowerPriority")}
        case "events":
            defaults = {"type": "Normal", "reportingComponent": "", "reportingInstance": "", "source": {}}
            return obj | {field: obj.get(field, value) for field, value in defaults.items()}
        case "deployments":
            return default_deployment(obj, is_new=is_new)
    return obj


def validate_builtin(resource: ResourceType, obj: Json, old: Json | None) -> list[FieldError]:
    """Every mistake of a built-in object; metadata is checked elsewhere."""
    match resource.plural:
        case "pods":
            return validate_pod(obj) + (validate_pod_update(old, obj) if old is not None else [])
        case "configmaps" | "secrets":
            return _validate_keys(obj)
        case "services":
            return _validate_service(obj)
        case "deployments":
            return validate_deployment(obj, old)
        case "events":
            return _validate_event(obj)
        case "priorityclasses":
            return _validate_priority_class(obj, old)
        case "rolebindings" | "clusterrolebindings":
            return _validate_binding(obj, old)
        case "customresourcedefinitions":
            return validate_definition(obj)
    return []


def _validate_keys(obj: Json) -> list[FieldError]:
    text = (
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',"
        "  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
    )
    keys = [(field, key) for field in ("data", "binaryData") for key in obj.get(field) or {}]
    bad = [(field, key) for field, key in keys if not re.fullmatch(r"[-._a-zA-Z0-9]+", key)]
    return [invalid_value(f"{field}[{key}]", key, text) for field, key in bad]


def _prepare_secret(obj: Json) -> Json:
    folded = {key: base64.b64encode(value.encode()).decode() for key, value in (obj.get("stringData") or {}).items()}
    result = {"type": "Opaque", **{key: value for key, value in obj.items() if key != "stringData"}}
    if folded:
        result["data"] = {**(obj.get("data") or {}), **folded}
    return result


def _prepare_service(obj: Json, *, is_new: bool) -> Json:
    spec = {"type": "ClusterIP", "sessionAffinity": "None", **(obj.get("spec") or {})}
    spec["ports"] = [{"protocol": "TCP", "targetPort": port.get("port"), **port} for port in spec.get("ports") or []]
    return obj | {"spec": spec} | ({"status": {"loadBalancer": {}}} if is_new else {})


def _validate_priority_class(obj: Json, old: Json | None) -> list[FieldError]:
    if old is not None and obj.get("value") != old.get("value"):
        return [FieldError("value", "Forbidden", detail="may not be changed in an update.")]
    return [] if isinstance(obj.get("value"), int) else [required("value")]


def _validate_binding(obj: Json, old: Json | None) -> list[FieldError]:
    role = obj.get("roleRef") or {}
    if old is not None and role != old["roleRef"]:
        return [invalid_value("roleRef", role, "cannot change roleRef")]
    mistakes = []
    if role.get("kind") not in ("Role", "ClusterRole"):
        mistakes.append(unsupported("roleRef.kind", role.get("kind", ""), ["ClusterRole", "Role"]))
    if not role.get("name"):
        mistakes.append(required("roleRef.name"))
    for position, subject in enumerate(obj.get("subjects") or []):
        path = f"subjects[{position}]"
        if not subject.get("name"):
            mistakes.append(required(f"{path}.name"))
        if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
            mistakes.append(required(f"{path}.namespace"))
    return mistakes


def _validate_service(obj: Json) -> list[FieldError]:
    spec = obj.get("spec") or {}
    if not spec.get("ports") and spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName":
        return [required("spec.ports")]
    ports = [(n, port.get("port")) for n, port in enumerate(spec.get("ports") or [])]
    text = "must be between 1 and 65535, inclusive"
    return [
        invalid_value(f"spec.ports[{n}].port", port, text)
        for n, port in ports
        if not isinstance(port, int) or not 1 <= port <= 65535
    ]


def _validate_event(obj: Json) -> list[FieldError]:
    namespace = obj["metadata"].get("namespace")
    involved = (obj.get("involvedObject") or {}).get("namespace")
    if involved and involved != namespace:
        return [invalid_value("involvedObject.namespace", involved, "does not match event.namespace")]
    return []

"""The other built-in kinds: the few defaults and checks that a client would notice."""

import base64
from typing import Any

from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.rules.errors import FieldError, invalid_value, required
from titan_local.apiserver.rules.expressions import check_compiles
from titan_local.apiserver.rules.pods import default_pod, validate_pod, validate_pod_update

Json = dict[str, Any]


def prepare_builtin(resource: ResourceType, obj: Json) -> Json:
    """The object with what the API server fills in on create."""
    match resource.plural:
        case "pods":
            return default_pod(obj)
        case "namespaces":
            return obj | {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
        case "secrets":
            return _prepare_secret(obj)
        case "services":
            spec = {"type": "ClusterIP", "sessionAffinity": "None", **(obj.get("spec") or {})}
            spec["ports"] = [
                {"protocol": "TCP", "targetPort": port.get("port"), **port} for port in spec.get("ports") or []
            ]
            return obj | {"spec": spec, "status": {"loadBalancer": {}}}
        case "priorityclasses":
            return {"preemptionPolicy": "PreemptLowerPriority", **obj}
        case "events":
            return {"type": "Normal", "reportingComponent": "", "reportingInstance": "", "source": {}, **obj}
        case "deployments":
            spec = {
                "replicas": 1,
                "progressDeadlineSeconds": 600,
                "revisionHistoryLimit": 10,
                **(obj.get("spec") or {}),
            }
            return obj | {"spec": spec}
    return obj


def validate_builtin(resource: ResourceType, obj: Json, old: Json | None) -> list[FieldError]:
    """Every mistake of a built-in object; metadata is checked elsewhere."""
    match resource.plural:
        case "pods":
            return validate_pod(obj) + (validate_pod_update(old, obj) if old is not None else [])
        case "services":
            return _validate_service(obj)
        case "events":
            return _validate_event(obj)
        case "priorityclasses":
            return [] if isinstance(obj.get("value"), int) else [required("value")]
        case "rolebindings" | "clusterrolebindings":
            return [
                required(f"roleRef.{field}") for field in ("kind", "name") if not (obj.get("roleRef") or {}).get(field)
            ]
        case "customresourcedefinitions":
            return _validate_definition(obj)
    return []


def _prepare_secret(obj: Json) -> Json:
    folded = {key: base64.b64encode(value.encode()).decode() for key, value in (obj.get("stringData") or {}).items()}
    result = {"type": "Opaque", **{key: value for key, value in obj.items() if key != "stringData"}}
    if folded:
        result["data"] = {**(obj.get("data") or {}), **folded}
    return result


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


def _validate_definition(obj: Json) -> list[FieldError]:
    spec = obj.get("spec") or {}
    names, versions = spec.get("names") or {}, spec.get("versions") or []
    errors = [required(f"spec.names.{field}") for field in ("plural", "kind") if not names.get(field)]
    expected = f"{names.get('plural')}.{spec.get('group')}"
    if obj["metadata"].get("name") != expected:
        text = f'must be spec.names.plural+"."+spec.group, that is {expected}'
        errors.append(invalid_value("metadata.name", obj["metadata"].get("name"), text))
    if sum(bool(version.get("storage")) for version in versions) != 1:
        errors.append(
            invalid_value("spec.versions", len(versions), "must have exactly one version marked as storage version")
        )
    for n, version in enumerate(versions):
        path = f"spec.versions[{n}].schema.openAPIV3Schema"
        schema = (version.get("schema") or {}).get("openAPIV3Schema")
        errors += [required(path)] if schema is None else list(check_compiles(schema, path))
    return errors

"""Pods: defaults, validation with the real texts, and what may change once a pod exists."""

from decimal import Decimal
from typing import Any

from titan_local.apiserver.rules.errors import (
    FieldError,
    bad_request,
    duplicate,
    invalid_value,
    required,
    unsupported,
)
from titan_local.apiserver.rules.metadata import dns_label_errors
from titan_local.apiserver.rules.quantities import QuantityError, parse_quantity

Json = dict[str, Any]

RESTART_POLICIES: list[str] = ["Always", "OnFailure", "Never"]
_TYPES: dict[str, type] = {
    "restartPolicy": str, "nodeName": str, "serviceAccountName": str, "schedulerName": str, "priorityClassName": str,
    "activeDeadlineSeconds": int, "terminationGracePeriodSeconds": int, "priority": int,
    "containers": list, "initContainers": list, "volumes": list, "tolerations": list, "nodeSelector": dict,
}  # fmt: skip
_MUTABLE = frozenset({"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"})
_UPDATE_TEXT = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def default_pod(obj: Json, *, is_new: bool) -> Json:
    """The pod with what the API server fills in, and if it is new with its first status."""
    _check_types(obj.get("spec") or {})
    spec = {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
        "enableServiceLinks": True,
        "serviceAccountName": "default",
        "preemptionPolicy": "PreemptLowerPriority",
        **(obj.get("spec") or {}),
    }
    spec["serviceAccount"] = spec["serviceAccountName"]
    spec["tolerations"] = spec.get("tolerations") or []
    for key in ("containers", "initContainers"):
        if isinstance(spec.get(key), list):
            spec[key] = [_default_container(container) for container in spec[key]]
    status = {"status": {"phase": "Pending", "qosClass": _qos_class(spec)}} if is_new else {}
    return obj | {"spec": spec} | status


def validate_pod(obj: Json) -> list[FieldError]:
    """Every mistake of a pod's spec. Raises ApiError 400 for a malformed quantity, as decoding does."""
    spec = obj.get("spec") or {}
    errors: list[FieldError] = []
    containers = spec.get("containers") or []
    if not containers:
        errors.append(required("spec.containers"))
    volumes = {volume.get("name") for volume in spec.get("volumes") or []}
    for group in ("initContainers", "containers"):
        seen: set[str] = set()
        for n, container in enumerate(spec.get(group) or []):
            errors += _validate_container(container, f"spec.{group}[{n}]", seen, volumes)
    names: set[str] = set()
    for n, volume in enumerate(spec.get("volumes") or []):
        errors += dns_label_errors(f"spec.volumes[{n}].name", str(volume.get("name") or ""))
        if volume.get("name") in names:
            errors.append(duplicate(f"spec.volumes[{n}].name", volume["name"]))
        names.add(volume.get("name"))
    if spec.get("restartPolicy") not in RESTART_POLICIES:
        errors.append(unsupported("spec.restartPolicy", spec.get("restartPolicy"), RESTART_POLICIES))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= 2**31 - 1:
        errors.append(
            invalid_value("spec.activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive")
        )
    return errors


def validate_pod_update(old: Json, new: Json) -> list[FieldError]:
    """A pod's spec is fixed, but for a few fields."""
    if _comparable(old["spec"]) == _comparable(new["spec"]):
        return []
    return [FieldError("spec", "Forbidden", detail=_UPDATE_TEXT)]


def _check_types(spec: Json) -> None:
    """Raise TypeError for a value that nothing could be made of."""
    for field, expected in _TYPES.items():
        if spec.get(field) is not None and (not isinstance(spec[field], expected) or isinstance(spec[field], bool)):
            raise TypeError(f"{type(spec[field]).__name__} into Go struct field PodSpec.spec.{field}")


def _default_container(container: Json) -> Json:
    image = str(container.get("image") or "")
    is_latest = image.endswith(":latest") or ":" not in image.rpartition("/")[2]
    defaults: Json = {
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "Always" if is_latest else "IfNotPresent",
    }
    result: Json = defaults | container
    limits = (result["resources"] or {}).get("limits")
    if limits:
        requests = {**limits, **(result["resources"].get("requests") or {})}
        result["resources"] = result["resources"] | {"requests": requests}
    return result


def _validate_container(container: Json, path: str, seen: set[str], volumes: set[Any]) -> list[FieldError]:
    name = str(container.get("name") or "")
    errors = dns_label_errors(f"{path}.name", name)
    if name in seen:
        errors.append(duplicate(f"{path}.name", name))
    seen.add(name)
    if not container.get("image"):
        errors.append(required(f"{path}.image"))
    for n, variable in enumerate(container.get("env") or []):
        if not variable.get("name"):
            errors.append(required(f"{path}.env[{n}].name"))
        elif "=" in variable["name"]:
            text = "a valid environment variable name must consist only of printable ASCII characters other than '='"
            errors.append(invalid_value(f"{path}.env[{n}].name", variable["name"], text))
    for n, mount in enumerate(container.get("volumeMounts") or []):
        if mount.get("name") not in volumes:
            errors.append(FieldError(f"{path}.volumeMounts[{n}].name", "Not found", mount.get("name")))
    return errors + _validate_resources(container.get("resources") or {}, f"{path}.resources")


def _validate_resources(resources: Json, path: str) -> list[FieldError]:
    limits = {name: _quantity(value) for name, value in (resources.get("limits") or {}).items()}
    requests = {name: _quantity(value) for name, value in (resources.get("requests") or {}).items()}
    errors: list[FieldError] = []
    for group, amounts in (("limits", limits), ("requests", requests)):
        for name, amount in amounts.items():
            if amount < 0:
                errors.append(
                    invalid_value(f"{path}.{group}[{name}]", str(amount), "must be greater than or equal to 0")
                )
            if _is_extended(name) and amount != amount.to_integral_value():
                errors.append(invalid_value(f"{path}.{group}[{name}]", resources[group][name], "must be an integer"))
    for name, amount in requests.items():
        limit = limits.get(name)
        if _is_extended(name) and limit is None:
            errors.append(required(f"{path}.limits", "Limit must be set for non overcommitable resources"))
        elif limit is not None and _is_extended(name) and amount != limit:
            text = f"must be equal to {name} limit of {resources['limits'][name]}"
            errors.append(invalid_value(f"{path}.requests", resources["requests"][name], text))
        elif limit is not None and amount > limit:
            text = f"must be less than or equal to {name} limit of {resources['limits'][name]}"
            errors.append(invalid_value(f"{path}.requests", resources["requests"][name], text))
    return errors


def _quantity(value: Any) -> Decimal:
    try:
        return parse_quantity(value)
    except QuantityError as error:
        raise bad_request(f'Pod in version "v1" cannot be handled as a Pod: {error}') from error


def _is_extended(name: str) -> bool:
    return "/" in name and not name.startswith("kubernetes.io/")


def _qos_class(spec: Json) -> str:
    resources = [container.get("resources") or {} for container in spec.get("containers") or []]
    counted = [
        {k: v for k, v in (r.get(g) or {}).items() if k in ("cpu", "memory")}
        for r in resources
        for g in ("requests", "limits")
    ]
    if not any(counted):
        return "BestEffort"
    pairs = list(zip(counted[::2], counted[1::2], strict=True))
    guaranteed = all(set(limits) == {"cpu", "memory"} and requests == limits for requests, limits in pairs)
    return "Guaranteed" if guaranteed else "Burstable"


def _comparable(spec: Json) -> Json:
    kept = {key: value for key, value in spec.items() if key not in _MUTABLE}
    for group in ("containers", "initContainers"):
        if group in kept:
            kept[group] = [{k: v for k, v in container.items() if k != "image"} for container in kept[group]]
    return kept

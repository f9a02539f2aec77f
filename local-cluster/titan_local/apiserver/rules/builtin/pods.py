"""Pods: defaults, validation with the real texts, and what may change once a pod exists."""

from titan_api.json_types import Json
from titan_local.apiserver.rules import mistakes
from titan_local.apiserver.rules.builtin.containers import container_errors, default_container, warn_of_container
from titan_local.apiserver.rules.builtin.placements import placement_errors
from titan_local.apiserver.rules.builtin.volumes import default_volume, volume_errors
from titan_local.apiserver.rules.names import dns_label_errors, subdomain_errors
from titan_local.apiserver.rules.warnings import Warn

RESTART_POLICIES: list[str] = ["Always", "OnFailure", "Never"]
_DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
_LARGEST = 2**31 - 1
_MUTABLE = frozenset({"activeDeadlineSeconds", "tolerations"})
_GROUPS = ("initContainers", "containers")
_UPDATE_TEXT = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def default_pod(obj: Json, *, is_new: bool) -> Json:
    """The pod with what the API server fills in, and if it is new with its first status."""
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
    if spec["terminationGracePeriodSeconds"] < 0:
        spec["terminationGracePeriodSeconds"] = 1
    for key in _GROUPS:
        if spec.get(key):
            spec[key] = [default_container(container) for container in spec[key]]
    if spec.get("volumes"):
        spec["volumes"] = [default_volume(volume) for volume in spec["volumes"]]
    status = {"status": {"phase": "Pending", "qosClass": _qos_class(spec)}} if is_new else {}
    return obj | {"spec": spec} | status


def validate_pod(obj: Json) -> list[mistakes.FieldError]:
    """Every mistake of a pod's spec."""
    spec = obj.get("spec") or {}
    errors = list(volume_errors(spec.get("volumes") or []))
    if not spec.get("containers"):
        errors.append(mistakes.required("spec.containers"))
    volumes = {volume.get("name") for volume in spec.get("volumes") or []}
    seen: set[str] = set()
    for group in _GROUPS:
        for n, container in enumerate(spec.get(group) or []):
            path, name = f"spec.{group}[{n}]", str(container.get("name") or "")
            errors += container_errors(container, path, volumes)
            if name and name in seen:
                errors.append(mistakes.duplicate(f"{path}.name", name))
            seen.add(name)
    if spec.get("restartPolicy") not in RESTART_POLICIES:
        errors.append(mistakes.unsupported("spec.restartPolicy", spec.get("restartPolicy"), RESTART_POLICIES))
    errors += mistakes.choice_errors("spec.dnsPolicy", spec.get("dnsPolicy"), _DNS_POLICIES)
    if spec.get("hostname"):
        errors += dns_label_errors("spec.hostname", spec["hostname"])
    errors += subdomain_errors("spec.serviceAccountName", spec.get("serviceAccountName") or "default")
    errors += placement_errors(spec)
    errors += mistakes.range_errors("spec.activeDeadlineSeconds", spec.get("activeDeadlineSeconds"), 1, _LARGEST)
    user = (spec.get("securityContext") or {}).get("runAsUser")
    return errors + mistakes.range_errors("spec.securityContext.runAsUser", user, 0, _LARGEST)


def warn_of_pod(obj: Json, warn: Warn) -> None:
    """Tell of what is legal and probably a mistake."""
    for group in _GROUPS:
        for n, container in enumerate((obj.get("spec") or {}).get(group) or []):
            warn_of_container(container, f"spec.{group}[{n}]", warn)


def validate_pod_update(old: Json, new: Json) -> list[mistakes.FieldError]:
    """A pod's spec is fixed, but for a few fields."""
    for group in _GROUPS:
        if len(old["spec"].get(group) or []) != len(new["spec"].get(group) or []):
            return [mistakes.prohibited(f"spec.{group}", "pod updates may not add or remove containers")]
    if _comparable(old["spec"]) == _comparable(new["spec"]):
        return _image_errors(new["spec"])
    return [mistakes.prohibited("spec", _UPDATE_TEXT)]


def _image_errors(spec: Json) -> list[mistakes.FieldError]:
    """An image that an update takes away is told of twice: the real server looks at updates of images by themselves."""
    return [
        mistakes.required(f"spec.{group}[{n}].image")
        for group in _GROUPS
        for n, container in enumerate(spec.get(group) or [])
        if not container.get("image")
    ]


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
    for group in _GROUPS:
        if group in kept:
            kept[group] = [{k: v for k, v in container.items() if k != "image"} for container in kept[group]]
    return kept

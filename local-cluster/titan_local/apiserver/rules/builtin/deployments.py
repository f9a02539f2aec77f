"""Deployments: the defaults and checks that a client would notice; their template is a pod's and is checked as one."""

from dataclasses import replace

from titan_api.json_types import Json
from titan_local.apiserver.rules.builtin.pods import default_pod, validate_pod
from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, prohibited, required, unsupported

TEMPLATE = "spec.template"
_STRATEGIES = ["Recreate", "RollingUpdate"]
_ROLLING = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}


def default_deployment(obj: Json, *, is_new: bool) -> Json:
    """The Deployment with what the API server fills in."""
    defaults = {"replicas": 1, "strategy": _ROLLING, "progressDeadlineSeconds": 600, "revisionHistoryLimit": 10}
    spec = defaults | (obj.get("spec") or {})
    template = spec.get("template") or {}
    if template.get("spec"):
        spec["template"] = default_pod(template, is_new=False)
    return obj | {"spec": spec} | ({"status": {}} if is_new else {})


def validate_deployment(obj: Json, old: Json | None) -> list[FieldError]:
    """Every mistake of a Deployment's spec."""
    spec = obj.get("spec") or {}
    template, selector = spec.get("template") or {}, spec.get("selector")
    found = [required("spec.selector")] if selector is None else []
    labels = (template.get("metadata") or {}).get("labels") or {}
    if selector is not None and not (selector.get("matchLabels") or selector.get("matchExpressions")):
        found = [invalid_value("spec.selector", {}, "empty selector is invalid for deployment")]
    elif not selector or not ((selector.get("matchLabels") or {}).items() <= labels.items()):
        text = "`selector` does not match template `labels`"
        found.append(invalid_value(f"{TEMPLATE}.metadata.labels", labels or None, text))
    if old is not None and selector != old["spec"].get("selector"):
        found.append(invalid_value("spec.selector", selector, "field is immutable"))
    replicas, strategy = spec.get("replicas"), (spec.get("strategy") or {}).get("type")
    if replicas is not None and replicas < 0:
        found.append(invalid_value("spec.replicas", replicas, "must be greater than or equal to 0"))
    if strategy not in (None, *_STRATEGIES):
        found.append(unsupported("spec.strategy", {"Type": strategy, "RollingUpdate": None}, _STRATEGIES))
    pod = template.get("spec") or {}
    found += [replace(mistake, path=f"{TEMPLATE}.{mistake.path}") for mistake in validate_pod(template)]
    if pod.get("restartPolicy", "Always") != "Always":
        found.append(unsupported(f"{TEMPLATE}.spec.restartPolicy", pod["restartPolicy"], ["Always"]))
    if pod.get("activeDeadlineSeconds") is not None:
        text = "activeDeadlineSeconds in ReplicaSet is not Supported"
        found.append(prohibited(f"{TEMPLATE}.spec.activeDeadlineSeconds", text))
    return found

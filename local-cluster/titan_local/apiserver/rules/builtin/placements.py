"""Where a pod may run: node selectors, tolerations, affinity."""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.rules.mistakes import FieldError, choice_errors, invalid_value, required, unsupported
from titan_local.apiserver.rules.names import label_errors, subdomain_errors

_EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
_AFFINITY = "spec.affinity.nodeAffinity"
_SECONDS = 300
_ABSENCES = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def default_tolerations(given: list[Json]) -> list[Json]:
    """Every pod bears five minutes on a node that is away, unless it says otherwise."""
    added = [
        {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": _SECONDS}
        for key in _ABSENCES
        if not any(item.get("key", key) == key and item.get("effect", "NoExecute") == "NoExecute" for item in given)
    ]
    return [*given, *added]


def placement_errors(spec: Json) -> Iterator[FieldError]:
    """Every mistake in what a pod says about nodes."""
    if spec.get("nodeName"):
        yield from subdomain_errors("spec.nodeName", spec["nodeName"])
    yield from label_errors("spec.nodeSelector", spec.get("nodeSelector") or {})
    for n, toleration in enumerate(spec.get("tolerations") or []):
        yield from _toleration_errors(toleration, f"spec.tolerations[{n}]")
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    wanted = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for n, term in enumerate(wanted.get("nodeSelectorTerms") or []):
        path = f"{_AFFINITY}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[{n}]"
        yield from _term_errors(term, path)
    for n, preferred in enumerate(affinity.get("preferredDuringSchedulingIgnoredDuringExecution") or []):
        path = f"{_AFFINITY}.preferredDuringSchedulingIgnoredDuringExecution[{n}]"
        weight = preferred.get("weight", 0)
        if not 1 <= weight <= 100:
            yield invalid_value(f"{path}.weight", weight, "must be in the range 1-100")
        yield from _term_errors(preferred.get("preference") or {}, f"{path}.preference")


def _toleration_errors(toleration: Json, path: str) -> Iterator[FieldError]:
    operator, effect = toleration.get("operator", "Equal"), toleration.get("effect")
    if not toleration.get("key") and operator != "Exists":
        text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        yield invalid_value(f"{path}.operator", operator, text)
    if operator not in ("Equal", "Exists"):
        yield unsupported(f"{path}.operator", operator, ["Equal", "Exists"])
    elif operator == "Exists" and toleration.get("value"):
        text = "value must be empty when `operator` is 'Exists'"
        yield invalid_value(f"{path}.operator", toleration["value"], text)
    yield from choice_errors(f"{path}.effect", effect or None, _EFFECTS)


def _term_errors(term: Json, path: str) -> Iterator[FieldError]:
    for n, requirement in enumerate(term.get("matchExpressions") or []):
        where, operator = f"{path}.matchExpressions[{n}]", requirement.get("operator", "")
        if operator not in _OPERATORS:
            yield invalid_value(f"{where}.operator", operator, "not a valid selector operator")
        elif operator in ("In", "NotIn") and not requirement.get("values"):
            yield required(f"{where}.values", "must be specified when `operator` is 'In' or 'NotIn'")

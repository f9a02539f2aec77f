"""Label and field selectors, parsed once and matched often."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from titan_api.json_types import Raw
from titan_local.apiserver.rules.errors import bad_request
from titan_local.apiserver.rules.resources import ResourceType

Predicate = Callable[[Raw], bool]

_SET_REQUIREMENT = re.compile(r"(\S+)\s+(in|notin)\s+\(([^()]*)\)")
_EQUALITY = re.compile(r"([^!=\s]+)\s*(==|!=|=)\s*([^\s=!]*)")
_KEY = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?")
_NO_LABELS: Mapping[str, str] = {}
_COMMON_FIELDS = ("metadata.name", "metadata.namespace")
_BUILTIN_FIELDS: dict[str, tuple[str, ...]] = {
    "pods": (
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase",
        "status.podIP", "status.nominatedNodeName",
    ),
    "events": (
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "type",
        "source", "reportingComponent",
    ),
    "namespaces": ("status.phase",),
    "nodes": ("spec.unschedulable",),
    "secrets": ("type",),
}  # fmt: skip


def parse_label_selector(text: str) -> Predicate | None:
    """A predicate on objects; None for an empty selector. Raises ApiError 400."""
    requirements = [_label_requirement(part, text) for part in _split(text)]
    if not requirements:
        return None
    if len(requirements) == 1:
        (only,) = requirements  # Nearly all selectors are like this, and a list asks once for each object.
        return lambda obj: only(obj["metadata"].get("labels") or _NO_LABELS)
    return lambda obj: _all_match(requirements, obj["metadata"].get("labels") or _NO_LABELS)


def find_carried(text: str) -> list[tuple[str, frozenset[str]]]:
    """The labels of which a selector names the values that an object must carry, with these values."""
    carried = []
    for part in _split(text):
        in_set, equality = _SET_REQUIREMENT.fullmatch(part), _EQUALITY.fullmatch(part)
        if in_set is not None and in_set.group(2) == "in":
            carried.append((in_set.group(1), _values(in_set.group(3))))
        elif equality is not None and equality.group(2) != "!=":
            carried.append((equality.group(1), frozenset((equality.group(3),))))
    return carried


def parse_field_selector(text: str, resource: ResourceType) -> Predicate | None:
    """A predicate on objects; None for an empty selector. Raises ApiError 400."""
    known = (*_COMMON_FIELDS, *_BUILTIN_FIELDS.get(resource.plural, ()), *resource.selectable_fields)
    terms: list[tuple[str, str, bool]] = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"([^!=]+?)(==|!=|=)(.*)", part.strip())
        if match is None:
            raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
        field, operator, value = match.groups()
        if field not in known:
            raise bad_request(_unknown_field(field, resource))
        terms.append((field, value, operator != "!="))
    if not terms:
        return None
    return lambda obj: all((field_value(obj, field) == value) is wanted for field, value, wanted in terms)


def field_value(obj: Raw, path: str) -> str:
    """The text of a dotted field; empty if it is absent."""
    value: Any = obj
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown_field(field: str, resource: ResourceType) -> str:
    """Kinds with fields of their own name the field, the others what they know."""
    if resource.is_custom or resource.plural in _BUILTIN_FIELDS:
        return f"field label not supported: {field}"
    return f'"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _split(text: str) -> list[str]:
    """At commas outside parentheses."""
    parts = re.split(r",(?![^(]*\))", text)
    return [part.strip() for part in parts if part.strip()]


def _label_requirement(part: str, whole: str) -> Callable[[Mapping[str, str]], bool]:
    in_set = _SET_REQUIREMENT.fullmatch(part)
    if in_set is not None:
        key, operator, listed = in_set.groups()
        values = _values(listed)
        if operator == "in":
            return lambda labels: labels.get(key) in values
        return lambda labels: key not in labels or labels[key] not in values
    equality = _EQUALITY.fullmatch(part)
    if equality is not None:
        key, operator, value = equality.groups()
        if operator == "!=":
            return lambda labels: labels.get(key) != value
        return lambda labels: labels.get(key) == value
    comparison = re.fullmatch(r"([^<>\s]+)\s*([<>])\s*(-?\d+)", part)
    if comparison is not None:
        key, sign, limit = comparison.groups()
        return lambda labels: _is_beyond(labels.get(key), sign, int(limit))
    key = part.removeprefix("!").strip()
    if not _KEY.fullmatch(key):
        raise bad_request(f"unable to parse requirement: found '{part}', in '{whole}', expected: a label requirement")
    return (lambda labels: key not in labels) if part.startswith("!") else (lambda labels: key in labels)


def _values(listed: str) -> frozenset[str]:
    return frozenset(value.strip() for value in listed.split(","))


def _is_beyond(value: str | None, sign: str, limit: int) -> bool:
    if value is None or not re.fullmatch(r"-?\d+", value):
        return False
    return int(value) > limit if sign == ">" else int(value) < limit


def _all_match(requirements: list[Callable[[Mapping[str, str]], bool]], labels: Mapping[str, str]) -> bool:
    return all(requirement(labels) for requirement in requirements)

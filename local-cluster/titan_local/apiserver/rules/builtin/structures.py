"""Structural schemas: a schema says what everything is, its defaults are valid by it, and its rules are CEL."""

import re
from collections.abc import Iterator
from dataclasses import replace

from titan_api.json_types import Json
from titan_local.apiserver.rules import mistakes
from titan_local.apiserver.rules.schemas.completion import complete
from titan_local.apiserver.rules.schemas.engine import RuleError, check_syntax
from titan_local.apiserver.rules.schemas.expressions import check_rules, plant_rules
from titan_local.apiserver.rules.schemas.validation import validate

_TYPES = ["array", "boolean", "integer", "number", "object", "string"]
_LIST_TYPES = ["atomic", "set", "map"]
_REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"]


def structure_errors(schema: Json, path: str) -> Iterator[mistakes.FieldError]:
    """Every mistake of a schema and what is inside it."""
    kind = schema.get("type")
    if not kind and not _is_free(schema):
        yield mistakes.required(f"{path}.type", "must not be empty for specified object fields")
    elif kind and kind not in _TYPES:
        yield mistakes.unsupported(f"{path}.type", kind, _TYPES)
    elif "default" in schema:
        yield from _default_errors(schema, f"{path}.default")
    if schema.get("uniqueItems"):
        text = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        yield mistakes.prohibited(f"{path}.uniqueItems", text)
    if schema.get("properties") and schema.get("additionalProperties"):
        yield mistakes.prohibited(
            f"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive"
        )
    if kind == "array":
        yield from _list_errors(schema, path)
    yield from _pattern_errors(schema, path)
    for n, rule in enumerate(schema.get("x-kubernetes-validations") or []):
        yield from _rule_errors(rule, f"{path}.x-kubernetes-validations[{n}]")
    for name, child in (schema.get("properties") or {}).items():
        yield from structure_errors(child, f"{path}.properties[{name}]")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from structure_errors(schema[keyword], f"{path}.{keyword}")


def _list_errors(schema: Json, path: str) -> Iterator[mistakes.FieldError]:
    if "items" not in schema:
        yield mistakes.required(f"{path}.items", "must be specified")
    kind = schema.get("x-kubernetes-list-type")
    yield from mistakes.choice_errors(f"{path}.x-kubernetes-list-type", kind, _LIST_TYPES)
    if kind == "map" and not schema.get("x-kubernetes-list-map-keys"):
        text = "must not be empty if x-kubernetes-list-type is map"
        yield mistakes.required(f"{path}.x-kubernetes-list-map-keys", text)


def _pattern_errors(schema: Json, path: str) -> Iterator[mistakes.FieldError]:
    pattern = schema.get("pattern")
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except re.error as error:
        text = f"must be a valid regular expression, but isn't: error parsing regexp: {error.msg}: `{pattern}`"
        yield mistakes.invalid_value(f"{path}.pattern", pattern, text)


def _rule_errors(rule: Json, path: str) -> Iterator[mistakes.FieldError]:
    text = str(rule.get("rule") or "")
    if not text.strip():
        yield mistakes.required(f"{path}.rule", "rule is not specified")
        return
    yield from mistakes.choice_errors(f"{path}.reason", rule.get("reason"), _REASONS)
    try:
        check_syntax(text)
    except RuleError as error:
        yield mistakes.invalid_value(f"{path}.rule", rule, f"compilation failed: {error}")


def _default_errors(schema: Json, path: str) -> Iterator[mistakes.FieldError]:
    default = schema["default"]
    _, dropped = complete({"properties": {"default": schema}}, {"default": default})
    if dropped:
        yield mistakes.invalid_value(path, default, "must not have unknown fields")
    tree = plant_rules(schema)
    found = validate(schema, default) or (list(check_rules(tree, default, None)) if tree is not None else [])
    for mistake in found:
        detail = mistake.detail.removeprefix("<nil>") if not mistake.path else mistake.detail
        yield replace(mistake, path=f"{path}.{mistake.path}".rstrip("."), detail=detail)


def _is_free(schema: Json) -> bool:
    return bool(schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields"))

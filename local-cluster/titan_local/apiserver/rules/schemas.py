"""Structural schemas of CustomResourceDefinitions: prune, default, validate, with the real server's texts."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from titan_local.apiserver.rules.errors import FieldError, duplicate, invalid_value, required, unsupported
from titan_local.apiserver.rules.expressions import check_rules

Schema = dict[str, Any]

_ENVELOPE = frozenset({"apiVersion", "kind", "metadata"})
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_TYPE_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


def prune(schema: Schema, obj: Any) -> tuple[Any, list[str]]:
    """The object without fields that the schema does not know, and the paths that were dropped."""
    dropped: list[str] = []
    return _prune(schema, obj, "", dropped, top=True), dropped


def apply_defaults(schema: Schema, value: Any) -> Any:
    """The value with defaults filled in, as the API server does before validation."""
    if isinstance(value, dict):
        result = dict(value)
        for name, child in schema.get("properties", {}).items():
            if name not in result and "default" in child:
                result[name] = _copied(child["default"])
            if name in result:
                result[name] = apply_defaults(child, result[name])
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict):
            known = schema.get("properties", {})
            result |= {key: apply_defaults(extra, item) for key, item in result.items() if key not in known}
        return result
    if isinstance(value, list) and "items" in schema:
        return [apply_defaults(schema["items"], item) for item in value]
    return value


def validate(schema: Schema, obj: Any, old: Any = None) -> list[FieldError]:
    """Every mistake of an object; CEL rules are asked only when the shape is right, as on the real server."""
    errors = list(_validate(schema, obj, "", top=True))
    return errors or list(check_rules(schema, obj, old))


def _prune(schema: Schema, value: Any, path: str, dropped: list[str], *, top: bool = False) -> Any:
    if isinstance(value, dict):
        if schema.get("x-kubernetes-embedded-resource"):
            top = True
        known, extra = schema.get("properties", {}), schema.get("additionalProperties")
        keep_all = schema.get("x-kubernetes-preserve-unknown-fields", False)
        result = {}
        for key, item in value.items():
            where = f"{path}.{key}" if path else key
            if top and key in _ENVELOPE:
                result[key] = item
            elif key in known:
                result[key] = _prune(known[key], item, where, dropped)
            elif isinstance(extra, dict):
                result[key] = _prune(extra, item, where, dropped)
            elif keep_all or extra is True:
                result[key] = item
            else:
                dropped.append(where)
        return result
    if isinstance(value, list) and "items" in schema:
        return [_prune(schema["items"], item, f"{path}[{n}]", dropped) for n, item in enumerate(value)]
    return value


def _validate(schema: Schema, value: Any, path: str, *, top: bool = False) -> Iterator[FieldError]:
    if value is None:
        if not schema.get("nullable") and "type" in schema:
            yield _wrong_type(path, "null", schema["type"])
        return
    if schema.get("x-kubernetes-int-or-string"):
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            yield _wrong_type(path, _type_name(value), "integer,string")
        return
    kind = schema.get("type")
    if kind is not None and not _has_type(value, kind):
        yield _wrong_type(path, _type_name(value), kind)
        return
    if "enum" in schema and value not in schema["enum"]:
        yield unsupported(path, value, [str(item) for item in schema["enum"]])
    if isinstance(value, dict):
        yield from _validate_object(schema, value, path, top=top)
    elif isinstance(value, list):
        yield from _validate_list(schema, value, path)
    elif isinstance(value, str):
        yield from _validate_string(schema, value, path)
    elif not isinstance(value, bool):
        yield from _validate_number(schema, value, path)


def _validate_object(schema: Schema, value: dict[str, Any], path: str, *, top: bool) -> Iterator[FieldError]:
    known = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield required(f"{path}.{name}" if path else name)
    if len(value) > schema.get("maxProperties", len(value)):
        limit = schema["maxProperties"]
        yield FieldError(path, "Too many", len(value), f"must have at most {limit} items")
    extra = schema.get("additionalProperties")
    for key, item in value.items():
        if top and key in _ENVELOPE:
            continue
        child = known.get(key, extra if isinstance(extra, dict) else None)
        if child is not None:
            yield from _validate(child, item, f"{path}.{key}" if path else key)


def _validate_list(schema: Schema, value: list[Any], path: str) -> Iterator[FieldError]:
    if len(value) > schema.get("maxItems", len(value)):
        limit = schema["maxItems"]
        yield FieldError(path, "Too many", len(value), f"must have at most {limit} items")
    if len(value) < schema.get("minItems", 0):
        yield invalid_value(path, len(value), f"{path} in body should have at least {schema['minItems']} items")
    items = schema.get("items", {})
    mistakes = [error for n, item in enumerate(value) for error in _validate(items, item, f"{path}[{n}]")]
    yield from mistakes
    kind = schema.get("x-kubernetes-list-type")
    keys = schema.get("x-kubernetes-list-map-keys", [])
    if kind == "map":
        for n, item in enumerate(value):
            if isinstance(item, dict):
                yield from (required(f"{path}[{n}].{key}") for key in keys if key not in item and not mistakes)
    if kind in ("map", "set") and not mistakes:
        seen: list[Any] = []
        for n, item in enumerate(value):
            identity = {key: item.get(key) for key in keys} if kind == "map" else item
            if identity in seen:
                yield duplicate(f"{path}[{n}]", identity)
            seen.append(identity)


def _validate_string(schema: Schema, value: str, path: str) -> Iterator[FieldError]:
    if len(value) > schema.get("maxLength", len(value)):
        yield FieldError(path, "Too long", "<value omitted>", f"may not be more than {schema['maxLength']} bytes")
    if len(value) < schema.get("minLength", 0):
        text = f"{path} in body should be at least {schema['minLength']} chars long"
        yield invalid_value(path, value, text)
    pattern = schema.get("pattern")
    if pattern is not None and not _compiled(pattern).search(value):
        yield invalid_value(path, value, f"{path} in body should match '{pattern}'")
    if schema.get("format") == "date-time" and not _is_time(value):
        yield invalid_value(path, value, f'{path} in body must be of type date-time: "{value}"')


def _validate_number(schema: Schema, value: float, path: str) -> Iterator[FieldError]:
    if value < schema.get("minimum", value):
        yield invalid_value(path, value, f"{path} in body should be greater than or equal to {schema['minimum']}")
    if value > schema.get("maximum", value):
        yield invalid_value(path, value, f"{path} in body should be less than or equal to {schema['maximum']}")


def _has_type(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _PYTHON_TYPES[kind])


def _type_name(value: Any) -> str:
    return _TYPE_NAMES.get(type(value), "null")


def _wrong_type(path: str, found: str, wanted: str) -> FieldError:
    where = path or "<nil>"
    return invalid_value(path, found, f'{where} in body must be of type {wanted}: "{found}"')


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _copied(default: Any) -> Any:
    if isinstance(default, dict):
        return {key: _copied(value) for key, value in default.items()}
    return [_copied(item) for item in default] if isinstance(default, list) else default

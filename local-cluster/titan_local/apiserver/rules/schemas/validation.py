"""Validation against structural schemas, with the real server's texts.

On an update what did not change is not judged again, as on the real server ("ratcheting"): a rule that became
stricter must not make old objects unwritable.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from titan_local.apiserver.rules import mistakes
from titan_local.apiserver.rules.mistakes import FieldError
from titan_local.apiserver.rules.schemas.completion import ENVELOPE
from titan_local.apiserver.rules.schemas.expressions import counterpart

Schema = dict[str, Any]

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_TYPE_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


def validate(schema: Schema, obj: Any, old: Any = None) -> list[FieldError]:
    """Everything in an object that is not as the schema says. Rules in CEL are asked elsewhere, if this is empty."""
    return list(_validate(schema, obj, old, "", is_root=True))


def as_in_status(mistake: FieldError) -> FieldError:
    """A mistake in the words of /status, where the real server counts paths in texts from the status on."""
    body = re.sub(r"^status\.?(.* in body )", r"\1", mistake.detail)
    return replace(mistake, detail=body) if body != mistake.detail else mistake


def _validate(schema: Schema, value: Any, old: Any, path: str, *, is_root: bool = False) -> Iterator[FieldError]:
    if old is not None and (value is old or value == old):
        return
    if value is None:
        if not schema.get("nullable") and "type" in schema:
            yield mistakes.wrong_type(path, "null", schema["type"])
        return
    if schema.get("x-kubernetes-int-or-string"):
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            yield mistakes.wrong_type(path, _type_name(value), "integer,string")
        return
    kind = schema.get("type")
    if "enum" in schema and value not in schema["enum"]:
        yield mistakes.unsupported(path, value, [str(item) for item in schema["enum"]])
    if kind is not None and not _has_type(value, kind):
        yield mistakes.wrong_type(path, _type_name(value), kind)
        return
    if isinstance(value, dict):
        yield from _validate_object(schema, value, old, path, is_root=is_root)
    elif isinstance(value, list):
        yield from _validate_list(schema, value, old, path)
    elif isinstance(value, str):
        yield from _validate_string(schema, value, path)
    elif not isinstance(value, bool):
        yield from _validate_number(schema, value, path)


def _validate_object(
    schema: Schema, value: dict[str, Any], old: Any, path: str, *, is_root: bool
) -> Iterator[FieldError]:
    known, extra = schema.get("properties", {}), schema.get("additionalProperties")
    if len(value) > schema.get("maxProperties", len(value)):
        yield mistakes.too_many(path, len(value), schema["maxProperties"])
    if len(value) < schema.get("minProperties", 0):
        text = f"{path} in body should have at least {schema['minProperties']} properties"
        yield mistakes.invalid_value(path, len(value), text)
    for key, item in value.items():
        if is_root and key in ENVELOPE:
            continue
        child = known.get(key, extra if isinstance(extra, dict) else None)
        if child is not None:
            before = old.get(key) if isinstance(old, dict) else None
            yield from _validate(child, item, before, f"{path}.{key}" if path else key)
    for name in schema.get("required", []):
        if name not in value:
            yield mistakes.required(f"{path}.{name}" if path else name)


def _validate_list(schema: Schema, value: list[Any], old: Any, path: str) -> Iterator[FieldError]:
    if len(value) > schema.get("maxItems", len(value)):
        yield mistakes.too_many(path, len(value), schema["maxItems"])
    if len(value) < schema.get("minItems", 0):
        text = f"{path} in body should have at least {schema['minItems']} items"
        yield mistakes.invalid_value(path, len(value), text)
    items = schema.get("items", {})
    keys = schema.get("x-kubernetes-list-map-keys", [])
    found = [
        error
        for n, item in enumerate(value)
        for error in _validate(items, item, counterpart(keys, item, old), f"{path}[{n}]")
    ]
    yield from found
    kind = schema.get("x-kubernetes-list-type")
    strange = next((n for n, item in enumerate(value) if not isinstance(item, dict)), None)
    if kind == "map" and strange is not None:
        text = "must be an object for an array of list-type map"
        yield mistakes.invalid_value(f"{path}[{strange}]", value[strange], text)
    elif kind in ("map", "set") and not found:
        yield from _validate_unique(value, keys if kind == "map" else [], path)


def _validate_unique(value: list[Any], keys: list[str], path: str) -> Iterator[FieldError]:
    seen: list[Any] = []
    for n, item in enumerate(value):
        missing = [key for key in keys if key not in item]
        yield from (mistakes.required(f"{path}[{n}].{key}") for key in missing)
        identity = {key: item.get(key) for key in sorted(keys)} if keys else item
        if identity in seen and not missing:
            yield mistakes.duplicate(f"{path}[{n}]", identity)
        seen.append(identity)


def _validate_string(schema: Schema, value: str, path: str) -> Iterator[FieldError]:
    """Of length and form the first mistake alone is told, as on the real server."""
    pattern = schema.get("pattern")
    if len(value) > schema.get("maxLength", len(value)):
        yield mistakes.too_long(path, schema["maxLength"])
    elif len(value) < schema.get("minLength", 0):
        text = f"{path} in body should be at least {schema['minLength']} chars long"
        yield mistakes.invalid_value(path, value, text)
    elif pattern is not None and not _compiled(pattern).search(value):
        yield mistakes.invalid_value(path, value, f"{path} in body should match '{pattern}'")
    if schema.get("format") == "date-time" and not _is_time(value):
        yield mistakes.wrong_type(path, value, "date-time")


def _validate_number(schema: Schema, value: float, path: str) -> Iterator[FieldError]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and value < low:
        yield mistakes.invalid_value(path, value, f"{path} in body should be greater than or equal to {_bound(low)}")
    if high is not None and value > high:
        yield mistakes.invalid_value(path, value, f"{path} in body should be less than or equal to {_bound(high)}")


def _has_type(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _PYTHON_TYPES[kind])


def _type_name(value: Any) -> str:
    return _TYPE_NAMES.get(type(value), "null")


def _bound(limit: float) -> str:
    return str(int(limit)) if float(limit).is_integer() else str(limit)


def _is_time(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text and moment.tzinfo is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)

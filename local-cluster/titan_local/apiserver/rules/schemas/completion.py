"""What the API server does to a custom resource before it is validated: unknown fields go, nulls of fields that are
not nullable go, defaults come."""

from typing import Any

Schema = dict[str, Any]

ENVELOPE = frozenset({"apiVersion", "kind", "metadata"})
"""Fields of every object; no schema describes them."""


def complete(
    schema: Schema, obj: dict[str, Any], old: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The object as it will be stored, and the paths of the unknown fields that were dropped.

    Parts that are the very same as in the old object are complete already and are not walked again: a write of the
    status costs nothing for the spec.
    """
    dropped: list[str] = []
    return _complete_object(schema, obj, old, "", dropped, is_root=True), dropped


def _complete(schema: Schema, value: Any, old: Any, path: str, dropped: list[str]) -> Any:
    if value is old and old is not None:
        return value
    if isinstance(value, dict):
        is_root = bool(schema.get("x-kubernetes-embedded-resource"))
        return _complete_object(schema, value, old if isinstance(old, dict) else None, path, dropped, is_root=is_root)
    if isinstance(value, list) and "items" in schema:
        items = schema["items"]
        return [_complete(items, item, None, f"{path}[{n}]", dropped) for n, item in enumerate(value)]
    return value


def _complete_object(
    schema: Schema,
    value: dict[str, Any],
    old: dict[str, Any] | None,
    path: str,
    dropped: list[str],
    *,
    is_root: bool,
) -> dict[str, Any]:
    known, extra = schema.get("properties", {}), schema.get("additionalProperties")
    keeps_unknown = extra is True or schema.get("x-kubernetes-preserve-unknown-fields", False)
    result: dict[str, Any] = {}
    for key, item in value.items():
        if is_root and key in ENVELOPE:
            result[key] = item
            continue
        child = known.get(key, extra if isinstance(extra, dict) else None)
        where = f"{path}.{key}" if path else key
        if child is None:
            if keeps_unknown:
                result[key] = item
            else:
                dropped.append(where)
        elif item is None and not child.get("nullable"):
            if "default" in child:
                result[key] = _default(child, where)
        else:
            result[key] = _complete(child, item, old.get(key) if old is not None else None, where, dropped)
    for key, child in known.items():
        if "default" in child and key not in value:
            result[key] = _default(child, f"{path}.{key}")
    return result


def _default(child: Schema, path: str) -> Any:
    """A default, with the defaults inside it."""
    return _complete(child, child["default"], None, path, [])

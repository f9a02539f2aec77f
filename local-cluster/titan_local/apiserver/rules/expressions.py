"""CEL validation rules (x-kubernetes-validations) through the package common-expression-language."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from titan_local.apiserver.rules.errors import FieldError, invalid_value

Schema = dict[str, Any]


def check_rules(schema: Schema, value: Any, old: Any, path: str = "") -> Iterator[FieldError]:
    """Every rule that does not hold. Rules with oldSelf are asked only where an old value exists."""
    if not _has_rules(id(schema), _Holder(schema)):
        return
    for validation in schema.get("x-kubernetes-validations", []):
        rule = validation["rule"]
        is_transition = "oldSelf" in rule
        if is_transition and (old is None or old == value):
            continue
        if value is not None and not _holds(rule, value, old):
            shown = _type_word(value)
            yield invalid_value(path, shown, validation.get("message", f"failed rule: {rule}"))
    if isinstance(value, dict):
        extra = schema.get("additionalProperties")
        for key, item in value.items():
            child = schema.get("properties", {}).get(key, extra if isinstance(extra, dict) else None)
            if child is not None:
                before = old.get(key) if isinstance(old, dict) else None
                yield from check_rules(child, item, before, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and "items" in schema:
        for n, item in enumerate(value):
            yield from check_rules(schema["items"], item, _counterpart(schema, item, old), f"{path}[{n}]")


def check_compiles(schema: Schema, path: str) -> Iterator[FieldError]:
    """Every rule of a new CRD that is no CEL expression."""
    for n, validation in enumerate(schema.get("x-kubernetes-validations", [])):
        try:
            _compile(validation.get("rule", ""))
        except Exception as error:  # noqa: BLE001 - the package raises ValueError, TypeError and errors of its own
            where = f"{path}.x-kubernetes-validations[{n}].rule"
            yield invalid_value(where, validation.get("rule", ""), f"compilation failed: {error}")
    for name, child in schema.get("properties", {}).items():
        yield from check_compiles(child, f"{path}.properties[{name}]")
    if isinstance(schema.get("items"), dict):
        yield from check_compiles(schema["items"], f"{path}.items")


class _Holder:
    """Carries a schema past lru_cache, which can hash only the schema's identity."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.schema is self.schema


@lru_cache(maxsize=4096)
def _has_rules(identity: int, holder: _Holder) -> bool:
    """Whether a schema or anything below it has rules; most subtrees have none and are not walked."""
    schema = holder.schema
    if "x-kubernetes-validations" in schema:
        return True
    children = list(schema.get("properties", {}).values())
    children += [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    return any(_has_rules(id(child), _Holder(child)) for child in children)


@lru_cache(maxsize=1024)
def _compile(rule: str) -> Any:
    import cel  # 0.35 s to load: not before the first rule is needed

    return cel.compile(rule)


def _holds(rule: str, value: Any, old: Any) -> bool:
    try:
        return bool(_compile(rule).execute({"self": value, "oldSelf": old}))
    except Exception:  # noqa: BLE001 - a rule that cannot be evaluated does not hold, whatever the package raises
        return False


def _counterpart(schema: Schema, item: Any, old: Any) -> Any:
    """The old item of the same key; lists without keys have no correlation, as on the real server."""
    keys = schema.get("x-kubernetes-list-map-keys")
    if not keys or not isinstance(old, list):
        return None
    return next((other for other in old if all(other.get(key) == item.get(key) for key in keys)), None)


def _type_word(value: Any) -> Any:
    if isinstance(value, dict):
        return "object"
    return "array" if isinstance(value, list) else value

"""Validation rules in CEL (x-kubernetes-validations) of a structural schema."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from titan_local.apiserver.rules.mistakes import FieldError, duplicate, invalid_value, prohibited, required
from titan_local.apiserver.rules.schemas.engine import Bindings, RuleError, evaluate

Schema = dict[str, Any]


@dataclass(frozen=True)
class RuleTree:
    """The parts of a schema that have rules or lead to some; what has none is not walked."""

    type: str
    rules: tuple[Schema, ...]
    map_keys: tuple[str, ...]
    properties: dict[str, "RuleTree"]
    additional: "RuleTree | None"
    items: "RuleTree | None"


def plant_rules(schema: Schema) -> RuleTree | None:
    """The rules of a schema; None if there are none in it."""
    children = ((name, plant_rules(child)) for name, child in schema.get("properties", {}).items())
    properties = {name: tree for name, tree in children if tree is not None}
    extra, items = schema.get("additionalProperties"), schema.get("items")
    tree = RuleTree(
        type=schema.get("type", ""),
        rules=tuple(schema.get("x-kubernetes-validations", ())),
        map_keys=tuple(schema.get("x-kubernetes-list-map-keys", ())),
        properties=properties,
        additional=plant_rules(extra) if isinstance(extra, dict) else None,
        items=plant_rules(items) if isinstance(items, dict) else None,
    )
    return tree if tree.rules or tree.properties or tree.additional or tree.items else None


def check_rules(tree: RuleTree, value: Any, old: Any, path: str = "") -> Iterator[FieldError]:
    """Every rule that does not hold.

    Rules with oldSelf are asked only where an old value exists. Nothing is asked about what did not change: the real
    server forgives other rules there too, and Titan's transition rules all hold for equal values.
    """
    if value is None or (old is not None and (value is old or value == old)):
        return
    asked = [rule for rule in tree.rules if old is not None or "oldSelf" not in rule["rule"]]
    if asked:
        bindings = Bindings({"self": value} if old is None else {"self": value, "oldSelf": old})
        for rule in asked:
            yield from _judge(tree.type, rule, bindings, path)
    if isinstance(value, dict):
        for key, item in value.items():
            child = tree.properties.get(key, tree.additional)
            if child is not None:
                before = old.get(key) if isinstance(old, dict) else None
                where = f"{path}[{key}]" if key not in tree.properties else f"{path}.{key}" if path else key
                yield from check_rules(child, item, before, where)
    elif isinstance(value, list) and tree.items is not None:
        for n, item in enumerate(value):
            yield from check_rules(tree.items, item, counterpart(tree.map_keys, item, old), f"{path}[{n}]")


def counterpart(keys: Sequence[str], item: Any, old: Any) -> Any:
    """The old item of the same key; lists without keys have no correlation, as on the real server."""
    if not keys or not isinstance(old, list) or not isinstance(item, dict):
        return None
    return next((other for other in old if all(other.get(key) == item.get(key) for key in keys)), None)


def _judge(shown: str, validation: Schema, bindings: Bindings, path: str) -> Iterator[FieldError]:
    rule = validation["rule"]
    message = (validation.get("message") or "").strip()
    try:
        if evaluate(rule, bindings) is True:
            return
    except RuleError as error:
        yield invalid_value(path, shown, f"{error} evaluating rule: {message or rule.strip()}")
        return
    text = _message(validation, bindings) or message or f"failed rule: {rule.strip()}"
    where = path + validation.get("fieldPath", "") if path else validation.get("fieldPath", "").lstrip(".")
    match validation.get("reason"):
        case "FieldValueForbidden":
            yield prohibited(where, text)
        case "FieldValueRequired":
            yield required(where, text)
        case "FieldValueDuplicate":
            yield duplicate(where, shown)
        case _:
            yield invalid_value(where, shown, text)


def _message(validation: Schema, bindings: Bindings) -> str:
    """The text of messageExpression; empty if there is none or it cannot be evaluated."""
    if "messageExpression" not in validation:
        return ""
    try:
        return str(evaluate(validation["messageExpression"], bindings))
    except RuleError:
        return ""

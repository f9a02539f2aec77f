"""CustomResourceDefinitions: what is checked when one comes in, and the status that makes clients use it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from titan_local.apiserver.rules.completion import complete
from titan_local.apiserver.rules.errors import FieldError, invalid_value, required
from titan_local.apiserver.rules.expressions import check_compiles, check_rules, plant_rules
from titan_local.apiserver.rules.times import format_second
from titan_local.apiserver.rules.validation import validate

Json = dict[str, Any]


def validate_definition(obj: Json) -> list[FieldError]:
    """Every mistake of a definition that would make its kind useless."""
    spec = obj.get("spec") or {}
    names, versions = spec.get("names") or {}, spec.get("versions") or []
    errors = [required(f"spec.names.{field}") for field in ("plural", "kind") if not names.get(field)]
    expected = f"{names.get('plural')}.{spec.get('group')}"
    if obj["metadata"].get("name") != expected:
        text = 'must be spec.names.plural+"."+spec.group'
        errors.append(invalid_value("metadata.name", obj["metadata"].get("name"), text))
    if spec.get("scope") not in ("Namespaced", "Cluster"):
        errors.append(required("spec.scope"))
    if sum(bool(version.get("storage")) for version in versions) != 1:
        text = "must have exactly one version marked as storage version"
        errors.append(invalid_value("spec.versions", versions, text))
    for position, version in enumerate(versions):
        path = f"spec.versions[{position}].schema.openAPIV3Schema"
        schema = (version.get("schema") or {}).get("openAPIV3Schema")
        if schema is None:
            errors.append(required(path, "schemas are required"))
        else:
            errors += [*check_compiles(schema, path), *_check_structure(schema, path)]
    return errors


def establish(obj: Json, now: datetime) -> Json:
    """The definition with the status of one that is served, which it is as soon as it is stored."""
    status = obj.get("status") or {}
    conditions = status.get("conditions") or [
        {"type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": format_second(now)}
        for kind, reason, message in (
            ("NamesAccepted", "NoConflicts", "no conflicts found"),
            ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        )
    ]
    stored = [version["name"] for version in obj["spec"]["versions"] if version.get("storage")]
    names = obj["spec"]["names"]
    accepted = {"singular": names["kind"].lower(), "listKind": f"{names['kind']}List", **names}
    return obj | {"status": {"conditions": conditions, "acceptedNames": accepted, "storedVersions": stored}}


def _check_structure(schema: Json, path: str) -> Iterator[FieldError]:
    """A schema must say what everything is, and its defaults must be valid by it."""
    if not schema.get("type") and not _is_free(schema):
        yield required(f"{path}.type", "must not be empty for specified object fields")
    if "default" in schema:
        yield from _check_default(schema, f"{path}.default")
    for name, child in schema.get("properties", {}).items():
        yield from _check_structure(child, f"{path}.properties[{name}]")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from _check_structure(schema[keyword], f"{path}.{keyword}")


def _check_default(schema: Json, path: str) -> Iterator[FieldError]:
    default = schema["default"]
    _, dropped = complete({"properties": {"default": schema}}, {"default": default})
    if dropped:
        yield invalid_value(path, default, "must not have unknown fields")
    tree = plant_rules(schema)
    mistakes = validate(schema, default) or (list(check_rules(tree, default, None)) if tree is not None else [])
    for mistake in mistakes:
        yield replace(mistake, path=f"{path}.{mistake.path}".rstrip("."))


def _is_free(schema: Json) -> bool:
    return bool(schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields"))

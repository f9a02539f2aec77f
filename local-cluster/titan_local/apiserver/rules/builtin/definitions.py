"""CustomResourceDefinitions: what is filled in and checked when one comes in, and the status that makes clients use it."""

from collections.abc import Iterator
from datetime import datetime

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_local.apiserver.rules.builtin.structures import structure_errors
from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, required, unsupported
from titan_local.apiserver.rules.names import SERVICE_TEXT, dns_1035_errors, subdomain_errors

_SCOPES = ["Cluster", "Namespaced"]
_COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")


def prepare_definition(obj: Json) -> Json:
    """The definition with the names that follow from others."""
    spec = obj.get("spec") or {}
    names = spec.get("names") or {}
    kind = names.get("kind")
    if not kind:
        return obj
    filled = {"singular": names.get("singular") or kind.lower(), "listKind": names.get("listKind") or f"{kind}List"}
    return obj | {"spec": spec | {"names": names | filled}}


def validate_definition(obj: Json) -> list[FieldError]:
    """Every mistake of a definition that would make its kind useless."""
    spec = obj.get("spec") or {}
    names, versions = spec.get("names") or {}, spec.get("versions") or []
    errors = list(_name_errors(names))
    if not spec.get("group"):
        errors.append(required("spec.group"))
    else:
        errors += subdomain_errors("spec.group", spec["group"])
    expected = f"{names.get('plural')}.{spec.get('group')}"
    if obj["metadata"].get("name") != expected:
        text = 'must be spec.names.plural+"."+spec.group'
        errors.append(invalid_value("metadata.name", obj["metadata"].get("name"), text))
    if not spec.get("scope"):
        errors.append(required("spec.scope"))
    elif spec["scope"] not in _SCOPES:
        errors.append(unsupported("spec.scope", spec["scope"], _SCOPES))
    if sum(bool(version.get("storage")) for version in versions) != 1:
        text = "must have exactly one version marked as storage version"
        errors.append(invalid_value("spec.versions", versions or None, text))
        errors.append(invalid_value("status.storedVersions", None, "must have at least one stored version"))
    # A single version is spoken of as if its parts stood in the spec itself.
    is_single = len(versions) == 1
    for position, version in enumerate(versions):
        path = "spec" if is_single else f"spec.versions[{position}]"
        errors += _version_errors(version, path, is_single=is_single)
        if version.get("name"):
            errors += dns_1035_errors(f"spec.versions[{position}].name", version["name"])
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


def _name_errors(names: Json) -> Iterator[FieldError]:
    for field in ("plural", "singular", "kind", "listKind"):
        value, path = str(names.get(field) or ""), f"spec.names.{field}"
        if not value:
            yield required(path)
        elif field in ("plural", "singular"):
            yield from dns_1035_errors(path, value)
        elif dns_1035_errors(path, value.lower()):
            text = f"may have mixed case, but should otherwise match: {SERVICE_TEXT}"
            yield invalid_value(path, value, text)
    for field in ("shortNames", "categories"):
        for n, value in enumerate(names.get(field) or []):
            yield from dns_1035_errors(f"spec.names.{field}[{n}]", value)


def _version_errors(version: Json, path: str, *, is_single: bool) -> Iterator[FieldError]:
    schema = (version.get("schema") or {}).get("openAPIV3Schema")
    where = f"{path}.validation.openAPIV3Schema" if is_single else f"{path}.schema.openAPIV3Schema"
    if schema is None:
        yield required(f"{path}.versions[0].schema.openAPIV3Schema" if is_single else where, "schemas are required")
        return
    if schema.get("type") not in (None, "object"):
        yield invalid_value(f"{where}.type", schema["type"], "must be object at the root")
    yield from structure_errors(schema, where)
    for n, column in enumerate(version.get("additionalPrinterColumns") or []):
        yield from _column_errors(column, f"{path}.additionalPrinterColumns[{n}]")
    for n, field in enumerate(version.get("selectableFields") or []):
        if not _leads_somewhere(schema, str(field.get("jsonPath") or "")):
            text = "is an invalid path: does not refer to a valid field"
            yield invalid_value(f"{path}.selectableFields[{n}].jsonPath", field.get("jsonPath"), text)


def _column_errors(column: Json, path: str) -> Iterator[FieldError]:
    place = column.get("jsonPath") or ""
    if not column.get("name"):
        yield required(f"{path}.name")
    if column.get("type") not in _COLUMN_TYPES:
        yield invalid_value(f"{path}.type", column.get("type"), f"must be one of {','.join(_COLUMN_TYPES)}")
    if not place:
        yield required(f"{path}.JSONPath")
    elif not place.startswith("."):
        yield invalid_value(f"{path}.JSONPath", place, "must be a simple json path starting with .")


def _leads_somewhere(schema: Json, path: str) -> bool:
    for name in path.lstrip(".").split("."):
        schema = schema.get("properties", {}).get(name)
        if schema is None:
            return False
    return True

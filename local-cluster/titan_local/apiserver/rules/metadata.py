"""Names, labels, annotations and the other parts of metadata that every kind shares."""

import re
from typing import Any

from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.rules.errors import FieldError, invalid_value, required, too_long

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = re.compile(_LABEL)
_DNS_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_NAME_PART = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")

SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
SERVICE_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
LABEL_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
NAME_PART_TEXT = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
Json = dict[str, Any]

ANNOTATIONS_LIMIT = 256 * 1024
_RBAC_GROUP = "rbac.authorization.k8s.io"


def validate_metadata(resource: ResourceType, obj: Json, old: Json | None = None) -> list[FieldError]:
    """Every mistake in an object's metadata; of an update only in what it changes."""
    metadata = obj.get("metadata") or {}
    before = (old or {}).get("metadata") or {}
    errors = _validate_name(resource, str(metadata.get("name") or "")) if old is None else []
    if metadata.get("labels") != before.get("labels"):
        errors += _validate_labels("metadata.labels", metadata.get("labels") or {})
    if metadata.get("annotations") != before.get("annotations"):
        errors += _validate_annotations(metadata.get("annotations") or {})
    if metadata.get("ownerReferences") != before.get("ownerReferences"):
        errors += _validate_owners(metadata.get("ownerReferences") or [])
    if metadata.get("finalizers") != before.get("finalizers"):
        errors += _validate_finalizers(metadata, before)
    return errors


def _validate_owners(owners: list[Json]) -> list[FieldError]:
    errors = [
        required(f"metadata.ownerReferences[{position}].{field}", "must not be empty")
        for position, owner in enumerate(owners)
        for field in ("apiVersion", "kind", "name", "uid")
        if not owner.get(field)
    ]
    controllers = [f"{owner.get('kind')}/{owner.get('name')}" for owner in owners if owner.get("controller")]
    if len(controllers) > 1:
        text = (
            'Only one reference can have Controller set to true. Found "true" in references for '
            f"{controllers[0]} and {controllers[1]}"
        )
        errors.append(invalid_value("metadata.ownerReferences", owners, text))
    return errors


def _validate_finalizers(metadata: Json, before: Json) -> list[FieldError]:
    finalizers, known = metadata.get("finalizers") or [], before.get("finalizers") or []
    errors = []
    for position, finalizer in enumerate(finalizers):
        errors += _validate_key(f"metadata.finalizers[{position}]", str(finalizer))
    new = sorted(set(finalizers) - set(known))
    if before.get("deletionTimestamp") and new:
        listed = ", ".join(f'"{finalizer}"' for finalizer in new)
        text = (
            f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{listed}}}"
        )
        errors.append(FieldError("metadata.finalizers", "Forbidden", detail=text))
    return errors


def dns_label_errors(path: str, name: str) -> list[FieldError]:
    """A container's or volume's name."""
    if not name:
        return [required(path)]
    return _check(path, name, _DNS_LABEL, LABEL_TEXT, 63)


def _validate_name(resource: ResourceType, name: str) -> list[FieldError]:
    if not name:
        return [required("metadata.name", "name or generateName is required")]
    if resource.group == _RBAC_GROUP:
        bad = name in (".", "..") or "/" in name or "%" in name
        return [invalid_value("metadata.name", name, "may not contain '/' or '%'")] if bad else []
    if resource.plural == "services":
        return _check("metadata.name", name, _DNS_1035, SERVICE_TEXT, 63)
    if resource.plural == "namespaces":
        return _check("metadata.name", name, _DNS_LABEL, LABEL_TEXT, 63)
    return _check("metadata.name", name, _DNS_SUBDOMAIN, SUBDOMAIN_TEXT, 253)


def _validate_labels(path: str, labels: dict[str, Any]) -> list[FieldError]:
    errors: list[FieldError] = []
    for key, value in labels.items():
        errors += _validate_key(path, key)
        if len(str(value)) > 63:
            errors.append(invalid_value(path, value, "must be no more than 63 characters"))
        if not isinstance(value, str) or not _LABEL_VALUE.fullmatch(value):
            errors.append(invalid_value(path, value, LABEL_VALUE_TEXT))
    return errors


def _validate_annotations(annotations: dict[str, Any]) -> list[FieldError]:
    errors: list[FieldError] = []
    size = 0
    for key, value in annotations.items():
        errors += _validate_key("metadata.annotations", key.lower())
        size += len(key.encode()) + len(str(value).encode())
    if size > ANNOTATIONS_LIMIT:
        errors.append(too_long("metadata.annotations", ANNOTATIONS_LIMIT))
    return errors


def _validate_key(path: str, key: str) -> list[FieldError]:
    prefix, slash, name = key.rpartition("/")
    errors = []
    if slash and not (len(prefix) <= 253 and _DNS_SUBDOMAIN.fullmatch(prefix)):
        errors.append(invalid_value(path, key, f"prefix part {SUBDOMAIN_TEXT}"))
    if not name:
        errors.append(invalid_value(path, key, "name part must be non-empty"))
    elif len(name) > 63:
        errors.append(invalid_value(path, key, "name part must be no more than 63 characters"))
    elif not _NAME_PART.fullmatch(name):
        errors.append(invalid_value(path, key, NAME_PART_TEXT))
    return errors


def _check(path: str, name: str, pattern: re.Pattern[str], text: str, limit: int) -> list[FieldError]:
    errors = []
    if len(name) > limit:
        errors.append(invalid_value(path, name, f"must be no more than {limit} characters"))
    if not pattern.fullmatch(name):
        errors.append(invalid_value(path, name, text))
    return errors

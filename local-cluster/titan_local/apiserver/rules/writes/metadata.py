"""Names, labels, annotations and the other parts of metadata that every kind shares."""

import re
from dataclasses import replace
from typing import Any

from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, required, too_long
from titan_local.apiserver.rules.resources import ResourceType
from titan_local.apiserver.rules.warnings import Warn

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
QUALIFIED_NAME_TEXT = (
    f"a qualified {NAME_PART_TEXT.replace('name part', 'name')} with an optional DNS subdomain prefix and '/' "
    "(e.g. 'example.com/MyName')"
)
Json = dict[str, Any]

ANNOTATIONS_LIMIT = 256 * 1024
_STANDARD_FINALIZERS = frozenset({"kubernetes", "orphan", "foregroundDeletion"})
"""All others have a domain, on built-in kinds; custom kinds are only warned."""
_RBAC_GROUP = "rbac.authorization.k8s.io"


def validate_metadata(resource: ResourceType, obj: Json, old: Json | None = None) -> list[FieldError]:
    """Every mistake in an object's metadata; of an update only in what it changes."""
    metadata = obj.get("metadata") or {}
    before = (old or {}).get("metadata") or {}
    errors = _validate_name(resource, str(metadata.get("name") or "")) if old is None else []
    if old is None and metadata.get("generateName"):
        # What ends in a dash is a name as soon as something follows.
        tried = re.sub("-$", "a", metadata["generateName"])
        errors += [
            replace(error, path="metadata.generateName", value=metadata["generateName"])
            for error in _validate_name(resource, tried)
        ]
    if metadata.get("labels") != before.get("labels"):
        errors += label_errors("metadata.labels", metadata.get("labels") or {})
    if metadata.get("annotations") != before.get("annotations"):
        errors += _validate_annotations(metadata.get("annotations") or {})
    if metadata.get("ownerReferences") != before.get("ownerReferences"):
        errors += _validate_owners(metadata.get("ownerReferences") or [])
    if metadata.get("finalizers") != before.get("finalizers"):
        errors += _validate_finalizers(metadata, before, is_custom=resource.is_custom)
    return errors


def _validate_owners(owners: list[Json]) -> list[FieldError]:
    path = "metadata.ownerReferences"
    errors: list[FieldError] = []
    for owner in owners:
        version, kind = str(owner.get("apiVersion") or ""), owner.get("kind")
        if not version or version.count("/") > 1:
            errors.append(invalid_value(f"{path}.apiVersion", version, "version must not be empty"))
        for field in ("kind", "name", "uid"):
            if not owner.get(field):
                errors.append(invalid_value(f"{path}.{field}", "", "must not be empty"))
        if (version, kind) == ("v1", "Event"):
            errors.append(invalid_value(path, owner, "/v1, Kind=Event is disallowed from being an owner"))
    controllers = [f"{owner.get('kind')}/{owner.get('name')}" for owner in owners if owner.get("controller")]
    if len(controllers) > 1:
        text = (
            'Only one reference can have Controller set to true. Found "true" in references for '
            f"{controllers[0]} and {controllers[1]}"
        )
        errors.append(invalid_value("metadata.ownerReferences", owners, text))
    return errors


def _validate_finalizers(metadata: Json, before: Json, *, is_custom: bool) -> list[FieldError]:
    finalizers, known = metadata.get("finalizers") or [], before.get("finalizers") or []
    errors = []
    for position, finalizer in enumerate(finalizers):
        errors += key_errors("metadata.finalizers", str(finalizer))
        if not is_custom and "/" not in str(finalizer) and finalizer not in _STANDARD_FINALIZERS:
            text = "name is neither a standard finalizer name nor is it fully qualified"
            errors.append(invalid_value(f"metadata.finalizers[{position}]", finalizer, text))
    new = sorted(set(finalizers) - set(known))
    if before.get("deletionTimestamp") and new:
        listed = ", ".join(f'"{finalizer}"' for finalizer in new)
        text = (
            f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{listed}}}"
        )
        errors.append(FieldError("metadata.finalizers", "Forbidden", detail=text))
    return errors


def warn_of_finalizers(obj: Json, old: Json | None, warn: Warn) -> None:
    """Custom kinds may have finalizers without a domain, but nobody knows whose they are."""
    known = ((old or {}).get("metadata") or {}).get("finalizers") or []
    for finalizer in obj["metadata"].get("finalizers") or []:
        if "/" not in str(finalizer) and finalizer not in known and finalizer not in _STANDARD_FINALIZERS:
            text = "prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers"
            warn(f'metadata.finalizers: "{finalizer}": {text}')


def dns_label_errors(path: str, name: str) -> list[FieldError]:
    """A container's or volume's name."""
    if not name:
        return [required(path)]
    return _check(path, name, _DNS_LABEL, LABEL_TEXT, 63)


def subdomain_errors(path: str, name: str) -> list[FieldError]:
    """The name of most kinds of objects."""
    return _check(path, name, _DNS_SUBDOMAIN, SUBDOMAIN_TEXT, 253)


def dns_1035_errors(path: str, name: str) -> list[FieldError]:
    """Names of services, of plural forms and of versions."""
    return _check(path, name, _DNS_1035, SERVICE_TEXT, 63)


def _validate_name(resource: ResourceType, name: str) -> list[FieldError]:
    if not name:
        return [required("metadata.name", "name or generateName is required")]
    if resource.group == _RBAC_GROUP:
        return [
            *([invalid_value("metadata.name", name, f"may not be '{name}'")] if name in (".", "..") else []),
            *(invalid_value("metadata.name", name, f"may not contain '{c}'") for c in "/%" if c in name),
        ]
    if resource.plural == "services":
        return _check("metadata.name", name, _DNS_1035, SERVICE_TEXT, 63)
    if resource.plural == "namespaces":
        if "." in name:
            return [invalid_value("metadata.name", name, "must not contain dots")]
        return _check("metadata.name", name, _DNS_LABEL, LABEL_TEXT, 63)
    return _check("metadata.name", name, _DNS_SUBDOMAIN, SUBDOMAIN_TEXT, 253)


def label_errors(path: str, labels: dict[str, Any]) -> list[FieldError]:
    """Every bad key and value of labels."""
    errors: list[FieldError] = []
    for key, value in labels.items():
        errors += key_errors(path, key)
        if len(str(value)) > 63:
            errors.append(invalid_value(path, value, "must be no more than 63 characters"))
        if not isinstance(value, str) or not _LABEL_VALUE.fullmatch(value):
            errors.append(invalid_value(path, value, LABEL_VALUE_TEXT))
    return errors


def _validate_annotations(annotations: dict[str, Any]) -> list[FieldError]:
    errors: list[FieldError] = []
    size = 0
    for key, value in annotations.items():
        errors += key_errors("metadata.annotations", key.lower())
        size += len(key.encode()) + len(str(value).encode())
    if size > ANNOTATIONS_LIMIT:
        errors.append(too_long("metadata.annotations", ANNOTATIONS_LIMIT))
    return errors


def key_errors(path: str, key: str) -> list[FieldError]:
    """A key of a label, an annotation or a resource."""
    if key.count("/") > 1:
        return [invalid_value(path, key, QUALIFIED_NAME_TEXT)]
    prefix, slash, name = key.rpartition("/")
    errors = []
    if slash and not prefix:
        errors.append(invalid_value(path, key, "prefix part must be non-empty"))
    elif slash and not (len(prefix) <= 253 and _DNS_SUBDOMAIN.fullmatch(prefix)):
        errors.append(invalid_value(path, key, f"prefix part {SUBDOMAIN_TEXT}"))
    if not name:
        errors.append(invalid_value(path, key, "name part must be non-empty"))
    elif len(name) > 63:
        errors.append(invalid_value(path, key, "name part must be no more than 63 characters"))
    if not _NAME_PART.fullmatch(name):
        errors.append(invalid_value(path, key, NAME_PART_TEXT))
    return errors


def _check(path: str, name: str, pattern: re.Pattern[str], text: str, limit: int) -> list[FieldError]:
    errors = []
    if len(name) > limit:
        errors.append(invalid_value(path, name, f"must be no more than {limit} characters"))
    if not pattern.fullmatch(name):
        errors.append(invalid_value(path, name, text))
    return errors

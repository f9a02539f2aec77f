"""The metadata that every kind shares: name, labels, annotations, owners, finalizers."""

import re
from dataclasses import replace
from typing import Any

from titan_api.json_types import Json
from titan_local.apiserver.rules import names
from titan_local.apiserver.rules.mistakes import FieldError, invalid_value, prohibited, required, too_long
from titan_local.apiserver.rules.resources import ResourceType
from titan_local.apiserver.rules.warnings import Warn

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
        errors += names.label_errors("metadata.labels", metadata.get("labels") or {})
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
        errors += names.key_errors("metadata.finalizers", str(finalizer))
        if not is_custom and "/" not in str(finalizer) and finalizer not in _STANDARD_FINALIZERS:
            text = "name is neither a standard finalizer name nor is it fully qualified"
            errors.append(invalid_value(f"metadata.finalizers[{position}]", finalizer, text))
    new = sorted(set(finalizers) - set(known))
    if before.get("deletionTimestamp") and new:
        listed = ", ".join(f'"{finalizer}"' for finalizer in new)
        text = (
            f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{listed}}}"
        )
        errors.append(prohibited("metadata.finalizers", text))
    return errors


def warn_of_finalizers(obj: Json, old: Json | None, warn: Warn) -> None:
    """Custom kinds may have finalizers without a domain, but nobody knows whose they are."""
    known = ((old or {}).get("metadata") or {}).get("finalizers") or []
    for finalizer in obj["metadata"].get("finalizers") or []:
        if "/" not in str(finalizer) and finalizer not in known and finalizer not in _STANDARD_FINALIZERS:
            text = "prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers"
            warn(f'metadata.finalizers: "{finalizer}": {text}')


def _validate_name(resource: ResourceType, name: str) -> list[FieldError]:
    if not name:
        return [required("metadata.name", "name or generateName is required")]
    if resource.group == _RBAC_GROUP:
        return [
            *([invalid_value("metadata.name", name, f"may not be '{name}'")] if name in (".", "..") else []),
            *(invalid_value("metadata.name", name, f"may not contain '{c}'") for c in "/%" if c in name),
        ]
    if resource.plural == "services":
        return names.dns_1035_errors("metadata.name", name)
    if resource.plural == "namespaces":
        if "." in name:
            return [invalid_value("metadata.name", name, "must not contain dots")]
        return names.dns_label_errors("metadata.name", name)
    return names.subdomain_errors("metadata.name", name)


def _validate_annotations(annotations: dict[str, Any]) -> list[FieldError]:
    errors: list[FieldError] = []
    size = 0
    for key, value in annotations.items():
        errors += names.key_errors("metadata.annotations", key.lower())
        size += len(key.encode()) + len(str(value).encode())
    if size > ANNOTATIONS_LIMIT:
        errors.append(too_long("metadata.annotations", ANNOTATIONS_LIMIT))
    return errors

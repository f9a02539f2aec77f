"""The outer shape of every object: apiVersion, kind and metadata, as they come in and as they may change."""

import json
from dataclasses import replace
from typing import Any

from titan_api.json_types import Json
from titan_local.apiserver.rules.errors import ApiError, bad_request, cannot_be_handled, invalid
from titan_local.apiserver.rules.mistakes import GO_TIME, go_kind, invalid_value, wrong_time
from titan_local.apiserver.rules.resources import ResourceType

SERVER_FIELDS = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")
"""What only the server writes."""
_KEPT_ON_UPDATE = (*SERVER_FIELDS, "resourceVersion", "namespace", "name", "generateName")
_TIMES = ("creationTimestamp", "deletionTimestamp")
_SHOWN = 30
_OMITTED_WHEN_EMPTY = ("labels", "annotations", "finalizers", "ownerReferences", "managedFields")
_METADATA_TYPES: dict[str, tuple[type, str]] = {
    "name": (str, "string"),
    "generateName": (str, "string"),
    "namespace": (str, "string"),
    "uid": (str, "string"),
    "resourceVersion": (str, "string"),
    "creationTimestamp": (str, "string"),
    "deletionTimestamp": (str, "string"),
    "generation": (int, "int64"),
    "deletionGracePeriodSeconds": (int, "int64"),
    "labels": (dict, "map[string]string"),
    "annotations": (dict, "map[string]string"),
    "finalizers": (list, "[]string"),
    "ownerReferences": (list, "[]v1.OwnerReference"),
    "managedFields": (list, "[]v1.ManagedFieldsEntry"),
}


def open_envelope(resource: ResourceType, namespace: str, body: Json) -> tuple[Json, list[str]]:
    """The object of a body with its head first, and the unknown fields of metadata that were dropped.

    Raises ApiError 400 for another namespace or metadata of the wrong types; 400 or 422 for another kind.
    """
    if resource.is_custom:
        _check_head(resource, body)
    kind, version = body.get("kind") or resource.kind, body.get("apiVersion") or resource.api_version
    if (kind, version) != (resource.kind, resource.api_version):
        raise _mismatch(resource, str(kind), str(version), body)
    metadata, unknown = _typed_metadata(resource, body.get("metadata"))
    if resource.namespaced:
        if metadata.get("namespace", namespace) != namespace:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        metadata["namespace"] = namespace
    else:
        metadata.pop("namespace", None)
    head = {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata}
    return head | {key: value for key, value in body.items() if key not in head}, unknown


def seal_update(resource: ResourceType, old: Json, new: Json, subresource: str) -> Json:
    """What an update may change: only the status through /status, everything but the status otherwise; what the
    server wrote into metadata stays."""
    if subresource == "status":
        result = dict(old)
        result.pop("status", None)
        return result | ({"status": new["status"]} if "status" in new else {})
    metadata = {key: value for key, value in new["metadata"].items() if key not in _KEPT_ON_UPDATE}
    for field in _OMITTED_WHEN_EMPTY:
        if not metadata.get(field):
            metadata.pop(field, None)
    kept = {key: value for key, value in old["metadata"].items() if key in _KEPT_ON_UPDATE}
    result = new | {"apiVersion": old["apiVersion"], "kind": old["kind"], "metadata": kept | metadata}
    if resource.status_subresource:
        result.pop("status", None)
        result |= {"status": old["status"]} if "status" in old else {}
    return result


def changes_generation(old: Json, new: Json) -> bool:
    """Whether a write asks for something else: anything but metadata and status."""
    if "generation" not in old["metadata"]:
        return False
    left = {key: value for key, value in old.items() if key not in ("metadata", "status")}
    right = {key: value for key, value in new.items() if key not in ("metadata", "status")}
    return left != right


def _check_head(resource: ResourceType, body: Json) -> None:
    """A custom resource says what it is; a built-in one is known by where it is sent. Raises ApiError 400."""
    if not body.get("kind"):
        text = json.dumps(body)
        beginning = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."
        why = f"Object 'Kind' is missing in '{text}' ({beginning})"
        raise bad_request(f"the object provided is unrecognized (must be of type {resource.kind}): {why}")
    if not body.get("apiVersion"):
        expected = f"does not match the expected API version ({resource.api_version})"
        raise bad_request(f"the API version in the data () {expected}")


def _mismatch(resource: ResourceType, kind: str, version: str, body: Json) -> ApiError:
    if version != resource.api_version and not resource.is_custom:
        why = f'no kind "{kind}" is registered for version "{version}" in scheme "pkg/runtime/scheme.go:110"'
        return cannot_be_handled(resource, why, kind=kind, version=version)
    if version != resource.api_version:
        expected = f"does not match the expected API version ({resource.api_version})"
        return bad_request(f"the API version in the data ({version}) {expected}")
    if resource.is_custom:
        metadata = body.get("metadata")
        name = str(metadata.get("name") or "") if isinstance(metadata, dict) else ""
        mistake = invalid_value("kind", kind, f"must be {resource.kind}")
        return invalid(replace(resource, kind=kind), name, [mistake])
    inside = resource.group.partition(".")[0] or "core"
    why = f"converting ({resource.version}.{kind}) to ({inside}.{resource.kind}): unknown conversion"
    return cannot_be_handled(resource, why, kind=kind, version=version)


def _typed_metadata(resource: ResourceType, metadata: Any) -> tuple[Json, list[str]]:
    """Metadata without nulls and without fields that no object has."""
    if metadata is None:
        return {}, []
    if not isinstance(metadata, dict):
        raise _cannot_unmarshal(resource, "metadata", metadata, "v1.ObjectMeta")
    known: Json = {}
    unknown = []
    for field, value in metadata.items():
        if field not in _METADATA_TYPES:
            unknown += [f"metadata.{field}"] if field != "selfLink" else []
        elif value is not None:
            expected, shown = _METADATA_TYPES[field]
            if not isinstance(value, expected) or isinstance(value, bool):
                raise _cannot_unmarshal(resource, field, value, shown)
            if field in _TIMES and not GO_TIME.fullmatch(str(value)):
                raise cannot_be_handled(resource, wrong_time(str(value)))
            known[field] = value
    for field in ("labels", "annotations"):
        for key, text in known.get(field, {}).items():
            if not isinstance(text, str) and text is not None:
                raise _cannot_unmarshal(resource, field, text, "string")
            if text is None:
                known[field] = known[field] | {key: ""}
    return known, unknown


def _cannot_unmarshal(resource: ResourceType, field: str, value: Any, wanted: str) -> ApiError:
    place = f"ObjectMeta.metadata.{field}" if field != "metadata" else f"{resource.kind}.metadata"
    if resource.is_custom:
        place = f"ObjectMeta.{field}"
    target = f"struct field {place} of type" if field != "metadata" or not resource.is_custom else "value of type"
    return cannot_be_handled(resource, f"json: cannot unmarshal {go_kind(value)} into Go {target} {wanted}")

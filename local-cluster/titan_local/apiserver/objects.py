"""The verbs on one object: create, update, patch, delete, with the real server's rules about versions,
generations, status and deletion."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from titan_local.apiserver.catalog import CRD_PLURAL, Catalog, storage_name
from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.builtin import prepare_builtin, validate_builtin
from titan_local.apiserver.rules.metadata import validate_metadata
from titan_local.apiserver.rules.schemas import apply_defaults, prune, validate
from titan_local.apiserver.storage import Storage

Json = dict[str, Any]
Change = Callable[[Json], Json]

_SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_SERVER_FIELDS = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")
_WITHOUT_GENERATION = frozenset({"events", "configmaps", "secrets", "serviceaccounts", "endpoints", "namespaces"})


@dataclass(frozen=True)
class WriteOptions:
    """Query parameters of a write."""

    dry_run: bool = False
    strict: bool = False
    """fieldValidation=Strict: unknown fields are refused instead of dropped."""
    subresource: str = ""


class Objects:
    """Reads and writes of single objects."""

    def __init__(self, storage: Storage, catalog: Catalog) -> None:
        self.storage = storage
        self.catalog = catalog

    def get(self, resource: ResourceType, namespace: str, name: str) -> Json:
        """One object. Raises ApiError 404."""
        found = self.storage.get(storage_name(resource), namespace, name)
        if found is None:
            raise errors.not_found(resource, name)
        return found

    def create(self, resource: ResourceType, namespace: str, body: Json, options: WriteOptions) -> Json:
        """A new object. Raises ApiError 400, 404, 409, 422."""
        obj = self._decode(resource, namespace, body)
        metadata = obj["metadata"]
        if metadata.get("resourceVersion"):
            raise errors.ApiError(500, "InternalError", "resourceVersion should not be set on objects to be created")
        if not metadata.get("name") and metadata.get("generateName"):
            suffix = "".join(secrets.choice(_SUFFIX_ALPHABET) for _ in range(5))
            metadata["name"] = f"{metadata['generateName'][:58]}{suffix}"
        self._check_namespace(resource, namespace)
        metadata = {key: value for key, value in metadata.items() if key not in _SERVER_FIELDS}
        metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": _now()}
        if resource.plural not in _WITHOUT_GENERATION:
            metadata["generation"] = 1
        obj["metadata"] = metadata
        if resource.status_subresource:
            obj.pop("status", None)
        obj = self._complete(resource, obj, options) if resource.is_custom else prepare_builtin(resource, obj)
        self._check(resource, obj, None)
        if self.storage.get(storage_name(resource), namespace, metadata["name"]) is not None:
            raise errors.already_exists(resource, metadata["name"])
        if options.dry_run:
            return obj
        stored = self.storage.put(storage_name(resource), _established(resource, obj))
        if resource.plural == CRD_PLURAL:
            self.catalog.define(stored)
        return stored

    def replace(self, resource: ResourceType, namespace: str, name: str, body: Json, options: WriteOptions) -> Json:
        """PUT. Raises ApiError 400, 404, 409, 422."""
        obj = self._decode(resource, namespace, body)
        if obj["metadata"].get("name") != name:
            found = obj["metadata"].get("name") or ""
            raise errors.bad_request(f"the name of the object ({found}) does not match the name on the URL ({name})")
        if resource.is_custom and not obj["metadata"].get("resourceVersion"):
            missing = errors.invalid_value("metadata.resourceVersion", 0, "must be specified for an update")
            raise errors.invalid(resource, name, [missing])
        return self.change(resource, namespace, name, lambda _: obj, options)

    def change(self, resource: ResourceType, namespace: str, name: str, change: Change, options: WriteOptions) -> Json:
        """Apply a function to the stored object; a change that changes nothing is no write."""
        old = self.get(resource, namespace, name)
        new = change(old)
        if not isinstance(new, dict) or not isinstance(new.get("metadata"), dict):
            raise errors.bad_request("the patched object has no metadata")
        self._check_version(resource, old, new)
        new = self._restrict(resource, old, new, options)
        if resource.is_custom:
            new = self._complete(resource, new, options)
        self._check(resource, new, old, status_only=options.subresource == "status")
        if self._is_finished(new):
            return new if options.dry_run else self._remove(resource, namespace, name)
        if _changes_generation(resource, old, new):
            new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1
        if new == old or options.dry_run:
            return old if new == old else new
        stored = self.storage.put(storage_name(resource), new)
        if resource.plural == CRD_PLURAL:
            self.catalog.define(stored)
        return stored

    def delete(
        self, resource: ResourceType, namespace: str, name: str, options: Json, *, dry_run: bool = False
    ) -> Json:
        """DELETE with preconditions and grace; returns the object's last state. Raises ApiError 404, 409."""
        old = self.get(resource, namespace, name)
        self._check_preconditions(resource, old, options.get("preconditions") or {})
        if dry_run:
            return old
        metadata = old["metadata"]
        grace = self._grace(resource, old, options)
        finalizers = list(metadata.get("finalizers") or [])
        policy = options.get("propagationPolicy")
        if policy in ("Foreground", "Orphan"):
            finalizers = [*finalizers, "foregroundDeletion" if policy == "Foreground" else "orphan"]
        if resource.plural == "namespaces":
            finalizers = [*finalizers, "kubernetes"]
        if not finalizers and grace == 0:
            return self._remove(resource, namespace, name)
        if metadata.get("deletionTimestamp") and grace >= metadata.get("deletionGracePeriodSeconds", 0):
            return old
        marks: Json = {"deletionTimestamp": _now(timedelta(seconds=grace)), "deletionGracePeriodSeconds": grace}
        if finalizers:
            marks["finalizers"] = list(dict.fromkeys(finalizers))
        if "generation" in metadata:
            marks["generation"] = metadata["generation"] + 1
        new = old | {"metadata": metadata | marks}
        if resource.plural == "namespaces":
            new["status"] = {"phase": "Terminating"}
        return self.storage.put(storage_name(resource), new)

    def _remove(self, resource: ResourceType, namespace: str, name: str) -> Json:
        last = self.storage.remove(storage_name(resource), namespace, name)
        if resource.plural == CRD_PLURAL:
            for gone in self.catalog.forget(last):
                for obj in self.storage.select(storage_name(gone)):
                    metadata = obj["metadata"]
                    self.storage.remove(storage_name(gone), metadata.get("namespace", ""), metadata["name"])
        return last

    def _decode(self, resource: ResourceType, namespace: str, body: Json) -> Json:
        if not isinstance(body, dict) or not isinstance(body.get("metadata") or {}, dict):
            raise errors.bad_request("the body of the request is no Kubernetes object")
        kind, version = body.get("kind", resource.kind), body.get("apiVersion", resource.api_version)
        if (kind, version) != (resource.kind, resource.api_version):
            text = f"{kind} in version {version} does not match the expected {resource.kind} in {resource.api_version}"
            raise errors.bad_request(text)
        metadata = dict(body.get("metadata") or {})
        if resource.namespaced:
            if metadata.get("namespace", namespace) != namespace:
                text = "the namespace of the provided object does not match the namespace sent on the request"
                raise errors.bad_request(text)
            metadata["namespace"] = namespace
        else:
            metadata.pop("namespace", None)
        head = {"apiVersion": resource.api_version, "kind": resource.kind}
        return head | {key: value for key, value in body.items() if key not in head} | {"metadata": metadata}

    def _check_namespace(self, resource: ResourceType, namespace: str) -> None:
        if not resource.namespaced:
            return
        found = self.storage.get("namespaces", "", namespace)
        if found is None:
            message = f'namespaces "{namespace}" not found'
            raise errors.ApiError(404, "NotFound", message, {"name": namespace, "kind": "namespaces"})
        if found["metadata"].get("deletionTimestamp"):
            text = f"unable to create new content in namespace {namespace} because it is being terminated"
            raise errors.forbidden(f"{resource.group_resource} is forbidden: {text}")

    def _complete(self, resource: ResourceType, obj: Json, options: WriteOptions) -> Json:
        assert resource.schema is not None
        pruned, dropped = prune(resource.schema, obj)
        if dropped and options.strict:
            listed = ", ".join(f'unknown field "{path}"' for path in dropped)
            what = f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}'
            raise errors.bad_request(f"{what}: strict decoding error: {listed}")
        completed: Json = apply_defaults(resource.schema, pruned)
        return completed

    def _check(self, resource: ResourceType, obj: Json, old: Json | None, *, status_only: bool = False) -> None:
        found = [] if status_only else validate_metadata(resource, obj)
        if resource.schema is not None:
            found += validate(resource.schema, obj, old)
        elif not status_only:
            found += validate_builtin(resource, obj, old)
        if found:
            raise errors.invalid(resource, obj["metadata"].get("name", ""), found)

    def _check_version(self, resource: ResourceType, old: Json, new: Json) -> None:
        given = new["metadata"].get("resourceVersion")
        if given and given != old["metadata"]["resourceVersion"]:
            raise errors.conflict(resource, old["metadata"]["name"], errors.MODIFIED)
        uid = new["metadata"].get("uid")
        if uid and uid != old["metadata"]["uid"]:
            why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {old['metadata']['uid']}"
            raise errors.conflict(resource, old["metadata"]["name"], why)

    def _check_preconditions(self, resource: ResourceType, old: Json, wanted: Json) -> None:
        for field, title in (("uid", "UID"), ("resourceVersion", "ResourceVersion")):
            found = old["metadata"][field]
            if wanted.get(field) and wanted[field] != found:
                why = f"Precondition failed: {title} in precondition: {wanted[field]}, {title} in object meta: {found}"
                raise errors.conflict(resource, old["metadata"]["name"], why)

    def _restrict(self, resource: ResourceType, old: Json, new: Json, options: WriteOptions) -> Json:
        """Only the status through /status, everything but the status otherwise; the server's own fields stay."""
        if options.subresource == "status":
            result = old | ({"status": new["status"]} if "status" in new else {})
            if "status" not in new:
                result.pop("status", None)
            return result
        metadata = dict(new["metadata"])
        for field in (*_SERVER_FIELDS, "resourceVersion", "namespace", "name"):
            metadata.pop(field, None)
            if field in old["metadata"]:
                metadata[field] = old["metadata"][field]
        for field in ("labels", "annotations", "finalizers", "ownerReferences"):
            if not metadata.get(field):
                metadata.pop(field, None)
        result = new | {"metadata": metadata, "apiVersion": old["apiVersion"], "kind": old["kind"]}
        if resource.status_subresource:
            result.pop("status", None)
            if "status" in old:
                result["status"] = old["status"]
        return result

    def _is_finished(self, obj: Json) -> bool:
        metadata = obj["metadata"]
        is_marked = "deletionTimestamp" in metadata and not metadata.get("finalizers")
        return is_marked and not metadata.get("deletionGracePeriodSeconds")

    def _grace(self, resource: ResourceType, obj: Json, options: Json) -> int:
        """Only pods that a kubelet may be running end gracefully."""
        if resource.plural != "pods" or not obj["spec"].get("nodeName"):
            return 0
        if obj["status"].get("phase") in ("Succeeded", "Failed") and "gracePeriodSeconds" not in options:
            return 0
        given = options.get("gracePeriodSeconds")
        return int(given if given is not None else obj["spec"].get("terminationGracePeriodSeconds", 30))


def _changes_generation(resource: ResourceType, old: Json, new: Json) -> bool:
    if "generation" not in old["metadata"]:
        return False
    left = {key: value for key, value in old.items() if key not in ("metadata", "status")}
    right = {key: value for key, value in new.items() if key not in ("metadata", "status")}
    return left != right


def _established(resource: ResourceType, obj: Json) -> Json:
    if resource.plural != CRD_PLURAL:
        return obj
    conditions = [
        {"type": kind, "status": "True", "reason": reason, "message": "", "lastTransitionTime": _now()}
        for kind, reason in (("NamesAccepted", "NoConflicts"), ("Established", "InitialNamesAccepted"))
    ]
    stored = [version["name"] for version in obj["spec"]["versions"] if version.get("storage")]
    return obj | {"status": {"conditions": conditions, "acceptedNames": obj["spec"]["names"], "storedVersions": stored}}


def _now(later: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + later).strftime("%Y-%m-%dT%H:%M:%SZ")

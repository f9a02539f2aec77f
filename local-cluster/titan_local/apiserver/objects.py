"""The verbs on one object: create, update, patch, delete, with the real server's rules about versions,
generations, status and deletion."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from titan_api.json_types import Json
from titan_api.times import format_second
from titan_local.apiserver.admission import admit_pod
from titan_local.apiserver.catalog import CRD_PLURAL, Catalog
from titan_local.apiserver.persistence.storage import Storage
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.builtin.decoding import DecodingError, decode
from titan_local.apiserver.rules.builtin.definitions import establish
from titan_local.apiserver.rules.builtin.kinds import prepare_builtin, validate_builtin
from titan_local.apiserver.rules.builtin.pods import warn_of_pod
from titan_local.apiserver.rules.mistakes import blocks_rules, invalid_value, unchecked_rules
from titan_local.apiserver.rules.resources import ResourceType
from titan_local.apiserver.rules.schemas.completion import complete
from titan_local.apiserver.rules.schemas.expressions import check_rules
from titan_local.apiserver.rules.schemas.validation import as_in_status, validate
from titan_local.apiserver.rules.warnings import Warn, stay_silent
from titan_local.apiserver.rules.writes.deletions import Leave, Mark, is_finished, plan_deletion
from titan_local.apiserver.rules.writes.envelopes import SERVER_FIELDS, changes_generation, open_envelope, seal_update
from titan_local.apiserver.rules.writes.metadata import validate_metadata, warn_of_finalizers

Result = TypeVar("Result")
PODS = "pods"
Change = Callable[[Json], Json]
Admission = Callable[[Json, Json | None], None]
"""Called with the new object and the old one (None on create); raises ApiError to refuse the write."""

_SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_LONGEST_GENERATED_BASE = 58
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a body of the wrong shape raises; built-in kinds have no schema that would have caught it before."""


def _admit_all(new: Json, old: Json | None) -> None:
    """Nothing is refused."""


@dataclass(frozen=True)
class WriteOptions:
    """Query parameters of a write, and who may refuse it."""

    dry_run: bool = False
    strict: bool = False
    """fieldValidation=Strict: unknown fields are refused instead of dropped."""
    subresource: str = ""
    admit: Admission = _admit_all
    warn: Warn = stay_silent
    """Receives warnings about what is accepted, but probably a mistake."""


class Objects:
    """Reads and writes of single objects."""

    def __init__(self, storage: Storage, catalog: Catalog) -> None:
        self.storage = storage
        self.catalog = catalog

    def get(self, resource: ResourceType, namespace: str, name: str) -> Json:
        """One object. Raises ApiError 404."""
        found = self.storage.get(resource.stored_as, namespace, name)
        if found is None:
            raise errors.not_found(resource, name)
        return found

    def create(self, resource: ResourceType, namespace: str, body: Json, options: WriteOptions) -> Json:
        """A new object. Raises ApiError 400, 403, 404, 409, 422."""
        obj, unknown = open_envelope(resource, namespace, body)
        metadata = obj["metadata"]
        if metadata.get("resourceVersion"):
            raise errors.ApiError(500, "", "resourceVersion should not be set on objects to be created")
        if not metadata.get("name") and metadata.get("generateName"):
            suffix = "".join(secrets.choice(_SUFFIX_ALPHABET) for _ in range(5))
            metadata["name"] = f"{metadata['generateName'][:_LONGEST_GENERATED_BASE]}{suffix}"
        self._check_namespace(resource, namespace, metadata.get("name", ""))
        metadata = {key: value for key, value in metadata.items() if key not in SERVER_FIELDS}
        metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": format_second(datetime.now(UTC))}
        if resource.has_generation:
            metadata["generation"] = 1
        obj["metadata"] = metadata
        if resource.status_subresource:
            obj.pop("status", None)
        obj = self._prepare(resource, obj, None, unknown, options)
        if resource.stored_as == PODS:
            obj = admit_pod(self.storage, obj)
        self._check(resource, obj, None)
        options.admit(obj, None)
        if self.storage.get(resource.stored_as, namespace, metadata["name"]) is not None:
            raise errors.already_exists(resource, metadata["name"])
        return obj if options.dry_run else self._store(resource, obj)

    def replace(self, resource: ResourceType, namespace: str, name: str, body: Json, options: WriteOptions) -> Json:
        """PUT. Raises ApiError 400, 403, 404, 409, 422."""
        metadata = body.get("metadata")
        has_version = isinstance(metadata, dict) and metadata.get("resourceVersion")
        if resource.is_custom and not has_version and self.get(resource, namespace, name):
            missing = invalid_value("metadata.resourceVersion", 0, "must be specified for an update")
            # This one is told of the resource, and not of the kind.
            raise errors.invalid(replace(resource, kind=resource.plural), name, [missing])
        return self.change(resource, namespace, name, lambda _: body, options)

    def change(self, resource: ResourceType, namespace: str, name: str, change: Change, options: WriteOptions) -> Json:
        """Apply a function to the stored object; a change that changes nothing is no write.

        Raises ApiError 400, 403, 404, 409, 422.
        """
        old = self.get(resource, namespace, name)
        changed = change(old)
        if not isinstance(changed, dict):
            raise errors.bad_request("the patch does not leave an object")
        new, unknown = open_envelope(resource, namespace, changed)
        if new["metadata"].get("name") != name:
            found = new["metadata"].get("name") or ""
            raise errors.bad_request(f"the name of the object ({found}) does not match the name on the URL ({name})")
        self._check_version(resource, old, new)
        new = seal_update(resource, old, new, options.subresource)
        new = self._prepare(resource, new, old, unknown, options)
        self._check(resource, new, old, options.subresource)
        options.admit(new, old)
        if is_finished(new):
            return new if options.dry_run else self._remove(resource, namespace, name)
        if changes_generation(old, new):
            new["metadata"]["generation"] = old["metadata"]["generation"] + 1
        if new == old:
            return old
        return new if options.dry_run else self._store(resource, new)

    def delete(
        self, resource: ResourceType, namespace: str, name: str, options: Json, *, dry_run: bool = False
    ) -> Json:
        """DELETE with preconditions and grace; returns the object's last state. Raises ApiError 403, 404, 409, 422."""
        old = self.get(resource, namespace, name)
        match plan_deletion(resource, old, options, datetime.now(UTC)):
            case Leave():
                return old
            case Mark(marked):
                return marked if dry_run else self.storage.put(resource.stored_as, marked)
        return old if dry_run else self._remove(resource, namespace, name)

    def is_gone(self, resource: ResourceType, obj: Json) -> bool:
        """Whether an object that was just deleted is not there any more."""
        metadata = obj["metadata"]
        found = self.storage.get(resource.stored_as, metadata.get("namespace", ""), metadata["name"])
        return found is None or found["metadata"]["uid"] != metadata["uid"]

    def _store(self, resource: ResourceType, obj: Json) -> Json:
        if resource.plural != CRD_PLURAL:
            return self.storage.put(resource.stored_as, obj)
        stored = self.storage.put(resource.stored_as, establish(obj, datetime.now(UTC)))
        self.catalog.define(stored)
        return stored

    def _remove(self, resource: ResourceType, namespace: str, name: str) -> Json:
        last = self.storage.remove(resource.stored_as, namespace, name)
        if resource.plural == CRD_PLURAL:
            for gone in self.catalog.forget(last):
                for obj in self.storage.select(gone.stored_as):
                    metadata = obj["metadata"]
                    self.storage.remove(gone.stored_as, metadata.get("namespace", ""), metadata["name"])
        return last

    def _check_namespace(self, resource: ResourceType, namespace: str, name: str) -> None:
        if not resource.namespaced:
            return
        found = self.storage.get("namespaces", "", namespace)
        if found is None:
            message = f'namespaces "{namespace}" not found'
            raise errors.ApiError(404, "NotFound", message, {"name": namespace, "kind": "namespaces"})
        if found["metadata"].get("deletionTimestamp"):
            text = f"unable to create new content in namespace {namespace} because it is being terminated"
            raise errors.forbidden(f'{resource.group_resource} "{name}" is forbidden: {text}')

    def _prepare(
        self, resource: ResourceType, obj: Json, old: Json | None, unknown: list[str], options: WriteOptions
    ) -> Json:
        """Fill in and drop fields as the server does. Raises ApiError 400 for unknown fields if they are refused."""
        dropped = unknown
        if resource.schema is not None:
            obj, more = complete(resource.schema, obj, old)
            dropped = unknown + more
        else:
            obj, more = _decoded(resource, obj, old)
            dropped = unknown + more
        if resource.schema is None and not options.subresource:
            obj = _guarded(resource, partial(prepare_builtin, resource, obj, is_new=old is None))
        if dropped and options.strict:
            listed = ", ".join(f'unknown field "{path}"' for path in dropped)
            raise errors.cannot_be_handled(resource, f"strict decoding error: {listed}")
        for path in dropped:
            options.warn(f'unknown field "{path}"')
        if resource.stored_as == PODS and not options.subresource:
            warn_of_pod(obj, options.warn)
        if resource.is_custom and not options.subresource:
            warn_of_finalizers(obj, old, options.warn)
        return obj

    def _check(self, resource: ResourceType, obj: Json, old: Json | None, subresource: str = "") -> None:
        found = [] if subresource else validate_metadata(resource, obj, old)
        if resource.schema is not None:
            mistakes = validate(resource.schema, obj, old)
            found += map(as_in_status, mistakes) if subresource == "status" else mistakes
            if resource.rules is not None:
                blocked = any(map(blocks_rules, found))
                found += [unchecked_rules()] if blocked else check_rules(resource.rules, obj, old)
        elif not subresource:
            found += _guarded(resource, partial(validate_builtin, resource, obj, old))
        if found:
            raise errors.invalid(resource, obj["metadata"].get("name", ""), found)

    def _check_version(self, resource: ResourceType, old: Json, new: Json) -> None:
        given, name = new["metadata"].get("resourceVersion"), old["metadata"]["name"]
        if given and not given.isdigit():
            raise errors.ApiError(500, "", f'strconv.ParseUint: parsing "{given}": invalid syntax')
        if given and given != old["metadata"]["resourceVersion"]:
            raise errors.conflict(resource, old["metadata"]["name"], errors.MODIFIED)
        uid = new["metadata"].get("uid")
        if uid and uid != old["metadata"]["uid"] and resource.is_custom:
            raise errors.invalid(resource, name, [invalid_value("metadata.uid", uid, "field is immutable")])
        if uid and uid != old["metadata"]["uid"]:
            why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {old['metadata']['uid']}"
            raise errors.conflict(resource, old["metadata"]["name"], why)


def _decoded(resource: ResourceType, obj: Json, old: Json | None) -> tuple[Json, list[str]]:
    """A built-in object as the real server reads it. Raises ApiError 400."""
    try:
        return decode(resource.kind, obj, old)
    except DecodingError as error:
        raise errors.cannot_be_handled(resource, str(error)) from error


def _guarded(resource: ResourceType, read: Callable[[], Result]) -> Result:
    """The result of reading a body whose shape nobody has checked yet. Raises ApiError 400."""
    try:
        return read()
    except _MALFORMED as error:
        raise errors.cannot_be_handled(resource, f"json: cannot unmarshal: {error}") from error

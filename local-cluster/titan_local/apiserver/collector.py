"""The garbage collector: what becomes of dependents when their owner goes.

- *background*: the owner is gone at once, its dependents after it;
- *foreground*: the owner stays, marked, until the dependents that block it are gone;
- *orphan*: the dependents lose the reference and stay.

A dependent with several owners loses only the reference to the one that is gone.
"""

from collections.abc import Iterator

from titan_api.json_types import Json
from titan_local.apiserver.objects import Change, Objects, WriteOptions
from titan_local.apiserver.persistence.storage import Event, Key, key_of
from titan_local.apiserver.rules.writes.deletions import FOREGROUND, ORPHAN

Place = tuple[str, Key]
"""The name under which a resource is stored, and a key in it."""


class Collector:
    """Follows events and acts on dependents. Raises ApiError and StorageError of the writes it makes."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._storage = objects.storage
        self._dependents: dict[str, dict[Place, None]] = {}
        """Objects that name, or once named, an owner, in the order in which they came; by the owner's uid."""

    def prepare(self) -> None:
        """Learn who owns what."""
        for resource, obj in self._storage.all():
            self._remember(resource, obj)

    def follow(self, event: Event) -> None:
        """Act on one change."""
        obj = event.object
        if event.type == "DELETED":
            for place, dependent in self._dependents_of(obj["metadata"]["uid"]):
                self._release(place, dependent)
            self._dependents.pop(obj["metadata"]["uid"], None)
            for owner in self._owners_of(obj):
                self._finish_foreground(*owner)
            return
        self._remember(event.resource, obj)
        place = (event.resource, key_of(obj))
        if event.type == "ADDED" and obj["metadata"].get("ownerReferences"):
            self._release(place, obj)
        self._follow_marked(place, obj)

    def sweep(self) -> None:
        """Check everything once, for what happened while nobody followed."""
        for resource, obj in list(self._storage.all()):
            place = (resource, key_of(obj))
            if obj["metadata"].get("ownerReferences"):
                self._release(place, obj)
            self._follow_marked(place, obj)

    def _follow_marked(self, place: Place, obj: Json) -> None:
        """The first steps for an owner that waits for its dependents."""
        metadata = obj["metadata"]
        finalizers = metadata.get("finalizers") or []
        if "deletionTimestamp" not in metadata:
            return
        if ORPHAN in finalizers:
            for dependent_place, _ in self._dependents_of(metadata["uid"]):
                self._change(dependent_place, lambda current: _without_owners(current, {metadata["uid"]}))
            self._change(place, lambda current: _without_finalizer(current, ORPHAN))
        elif FOREGROUND in finalizers:
            for dependent_place, dependent in self._dependents_of(metadata["uid"]):
                if not any(self._owners_of(dependent, besides=metadata["uid"])):
                    self._delete(dependent_place, dependent, {"propagationPolicy": "Foreground"})
            self._finish_foreground(place, obj)

    def _finish_foreground(self, place: Place, owner: Json) -> None:
        """Let an owner go when nothing that blocks it is left."""
        metadata = owner["metadata"]
        if "deletionTimestamp" not in metadata or FOREGROUND not in (metadata.get("finalizers") or []):
            return
        blocks = any(
            reference["uid"] == metadata["uid"] and reference.get("blockOwnerDeletion")
            for _, dependent in self._dependents_of(metadata["uid"])
            for reference in dependent["metadata"]["ownerReferences"]
        )
        if not blocks:
            self._change(place, lambda current: _without_finalizer(current, FOREGROUND))

    def _release(self, place: Place, dependent: Json) -> None:
        """Delete a dependent whose owners are all gone; of a few that are gone it loses the reference."""
        references = dependent["metadata"].get("ownerReferences") or []
        gone = {reference["uid"] for reference in references if self._is_gone(dependent, reference)}
        if not gone:
            return
        if len(gone) == len({reference["uid"] for reference in references}):
            self._delete(place, dependent, {})
        else:
            self._change(place, lambda current: _without_owners(current, gone))

    def _remember(self, resource: str, obj: Json) -> None:
        for owner in obj["metadata"].get("ownerReferences") or ():
            self._dependents.setdefault(owner["uid"], {})[resource, key_of(obj)] = None

    def _dependents_of(self, uid: str) -> list[tuple[Place, Json]]:
        found = []
        for place in self._dependents.get(uid, ()):
            obj = self._storage.get(place[0], *place[1])
            references = obj["metadata"].get("ownerReferences") or [] if obj is not None else []
            if obj is not None and any(reference["uid"] == uid for reference in references):
                found.append((place, obj))
        return found

    def _owners_of(self, obj: Json, *, besides: str = "") -> Iterator[tuple[Place, Json]]:
        """The owners that exist."""
        for reference in obj["metadata"].get("ownerReferences") or ():
            found = self._find_owner(obj, reference)
            if found is not None and reference["uid"] != besides:
                yield found

    def _find_owner(self, obj: Json, reference: Json) -> tuple[Place, Json] | None:
        kind = self._objects.catalog.by_kind(reference["apiVersion"], reference["kind"])
        if kind is None:
            return None
        namespace = obj["metadata"].get("namespace", "") if kind.namespaced else ""
        found = self._storage.get(kind.stored_as, namespace, reference["name"])
        if found is None or found["metadata"]["uid"] != reference["uid"]:
            return None
        return (kind.stored_as, (namespace, reference["name"])), found

    def _is_gone(self, obj: Json, reference: Json) -> bool:
        """Whether an owner is known not to exist; of a kind that is not served nobody can tell."""
        is_known = self._objects.catalog.by_kind(reference["apiVersion"], reference["kind"]) is not None
        return is_known and self._find_owner(obj, reference) is None

    def _delete(self, place: Place, obj: Json, options: Json) -> None:
        resource, (namespace, name) = place
        kind = self._objects.catalog.by_stored_name(resource)
        if kind is not None and "deletionTimestamp" not in obj["metadata"]:
            precondition = {"preconditions": {"uid": obj["metadata"]["uid"]}}
            self._objects.delete(kind, namespace, name, options | precondition)

    def _change(self, place: Place, change: Change) -> None:
        resource, (namespace, name) = place
        kind = self._objects.catalog.by_stored_name(resource)
        if kind is not None and self._storage.get(resource, namespace, name) is not None:
            self._objects.change(kind, namespace, name, change, WriteOptions())


def _without_owners(obj: Json, uids: set[str]) -> Json:
    kept = [owner for owner in obj["metadata"].get("ownerReferences") or () if owner["uid"] not in uids]
    return obj | {"metadata": obj["metadata"] | {"ownerReferences": kept}}


def _without_finalizer(obj: Json, finalizer: str) -> Json:
    kept = [item for item in obj["metadata"].get("finalizers") or () if item != finalizer]
    return obj | {"metadata": obj["metadata"] | {"finalizers": kept}}

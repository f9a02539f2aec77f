"""What happens by itself: dependents of removed owners are collected, namespaces are emptied and removed,
new namespaces get their default ServiceAccount."""

import asyncio
import logging
from typing import Any

from titan_local.apiserver.catalog import Catalog, storage_name
from titan_local.apiserver.objects import Objects, WriteOptions
from titan_local.apiserver.resources import ResourceType
from titan_local.apiserver.rules.errors import ApiError
from titan_local.apiserver.storage import Event, Storage

Json = dict[str, Any]

log = logging.getLogger(__name__)

SYSTEM_NAMESPACES = ("default", "kube-system", "kube-public", "titan-system")
SWEEP_SECONDS = 30.0


class Lifecycle:
    """A background task that follows every event."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._storage: Storage = objects.storage
        self._catalog: Catalog = objects.catalog
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._dependents: dict[str, set[tuple[str, str, str]]] = {}
        """(resource, namespace, name) of the objects that name an owner, by the owner's uid."""

    def prepare(self) -> None:
        """The namespaces that always exist."""
        namespaces = self._catalog.find("", "v1", "namespaces")
        assert namespaces is not None
        for definition in self._storage.select("customresourcedefinitions.apiextensions.k8s.io"):
            self._catalog.define(definition)
        for name in SYSTEM_NAMESPACES:
            if self._storage.get("namespaces", "", name) is None:
                self._objects.create(namespaces, "", {"metadata": {"name": name}}, WriteOptions())
        for namespace in list(self._storage.select("namespaces")):
            self._ensure_account(namespace)
        for resource, obj in self._storage.all():
            self._remember(resource, obj)

    async def run(self) -> None:
        """Follow events for ever."""
        self._storage.listen("*", self._events.put_nowait)
        self._sweep()
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), SWEEP_SECONDS)
            except TimeoutError:
                self._sweep()
                continue
            try:
                self._follow(event)
            except ApiError as error:
                log.warning("cannot clean up after %s: %s", event.object["metadata"]["name"], error)

    def _follow(self, event: Event) -> None:
        metadata = event.object["metadata"]
        if event.type == "DELETED":
            self._collect(metadata["uid"])
            return
        self._remember(event.resource, event.object)
        if event.resource == "namespaces":
            if metadata.get("deletionTimestamp"):
                self._empty(event.object)
            elif event.type == "ADDED":
                self._ensure_account(event.object)
        elif "foregroundDeletion" in (metadata.get("finalizers") or []):
            self._collect(metadata["uid"])
            self._drop_finalizer(event.resource, event.object, "foregroundDeletion")
        elif "orphan" in (metadata.get("finalizers") or []):
            self._dependents.pop(metadata["uid"], None)
            self._drop_finalizer(event.resource, event.object, "orphan")

    def _remember(self, resource: str, obj: Json) -> None:
        metadata = obj["metadata"]
        for owner in metadata.get("ownerReferences") or []:
            place = (resource, metadata.get("namespace", ""), metadata["name"])
            self._dependents.setdefault(owner["uid"], set()).add(place)

    def _collect(self, uid: str) -> None:
        for resource, namespace, name in self._dependents.pop(uid, ()):
            obj = self._storage.get(resource, namespace, name)
            if obj is not None and not self._has_living_owner(obj):
                self._delete(resource, obj)

    def _has_living_owner(self, obj: Json) -> bool:
        namespace = obj["metadata"].get("namespace", "")
        for owner in obj["metadata"].get("ownerReferences") or []:
            kind = self._catalog.by_kind(owner["apiVersion"], owner["kind"])
            if kind is None:
                return True  # Nobody can tell; the real collector leaves it alone too.
            found = self._storage.get(storage_name(kind), namespace if kind.namespaced else "", owner["name"])
            if found is not None and found["metadata"]["uid"] == owner["uid"]:
                return True
        return False

    def _sweep(self) -> None:
        """Dependents that were created after their owner was gone, and namespaces that are still emptying."""
        for resource, obj in list(self._storage.all()):
            if obj["metadata"].get("ownerReferences") and not self._has_living_owner(obj):
                self._delete(resource, obj)
        for namespace in list(self._storage.select("namespaces")):
            if namespace["metadata"].get("deletionTimestamp"):
                self._empty(namespace)

    def _empty(self, namespace: Json) -> None:
        """Remove what is in a namespace; when nothing is left, remove the namespace."""
        name = namespace["metadata"]["name"]
        left = 0
        for resource in {storage_name(r): r for r in self._catalog if r.namespaced and "list" in r.verbs}.values():
            for obj in self._storage.select(storage_name(resource), name):
                self._delete(storage_name(resource), obj)
                left += self._storage.get(storage_name(resource), name, obj["metadata"]["name"]) is not None
        if left == 0:
            self._drop_finalizer("namespaces", namespace, "kubernetes")
        else:
            loop = asyncio.get_running_loop()
            loop.call_later(0.5, self._events.put_nowait, Event(0, "namespaces", "MODIFIED", namespace, None))

    def _ensure_account(self, namespace: Json) -> None:
        name = namespace["metadata"]["name"]
        accounts = self._catalog.find("", "v1", "serviceaccounts")
        assert accounts is not None
        if self._storage.get("serviceaccounts", name, "default") is None:
            self._objects.create(accounts, name, {"metadata": {"name": "default"}}, WriteOptions())

    def _delete(self, resource: str, obj: Json) -> None:
        kind = self._kind_of(resource)
        metadata = obj["metadata"]
        if kind is not None and not metadata.get("deletionTimestamp"):
            self._objects.delete(kind, metadata.get("namespace", ""), metadata["name"], {})

    def _drop_finalizer(self, resource: str, obj: Json, finalizer: str) -> None:
        kind, metadata = self._kind_of(resource), obj["metadata"]
        if kind is None or self._storage.get(resource, metadata.get("namespace", ""), metadata["name"]) is None:
            return

        def without(current: Json) -> Json:
            kept = [item for item in current["metadata"].get("finalizers") or [] if item != finalizer]
            return current | {"metadata": current["metadata"] | {"finalizers": kept}}

        self._objects.change(kind, metadata.get("namespace", ""), metadata["name"], without, WriteOptions())

    def _kind_of(self, resource: str) -> ResourceType | None:
        return next((kind for kind in self._catalog if storage_name(kind) == resource), None)

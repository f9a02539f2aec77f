"""Namespaces: those that always exist, the ServiceAccount that each of them has, and their end."""

from titan_api.json_types import Json
from titan_local.apiserver.objects import Objects, WriteOptions
from titan_local.apiserver.persistence.storage import Event

SYSTEM_NAMESPACES = ("default", "kube-system", "kube-public", "titan-system")
DEFAULT_ACCOUNT = "default"
RETRY_SECONDS = 0.5
"""How long after a look at a namespace that is not empty yet the next one comes."""


class Namespaces:
    """Follows events of namespaces. Raises ApiError and StorageError of the writes it makes."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._storage = objects.storage
        self._type = objects.catalog.core("namespaces")
        self._accounts = objects.catalog.core("serviceaccounts")

    def prepare(self) -> None:
        """Make what is missing."""
        for name in SYSTEM_NAMESPACES:
            if self._storage.get("namespaces", "", name) is None:
                self._objects.create(self._type, "", {"metadata": {"name": name}}, WriteOptions())
        for namespace in self._storage.select("namespaces"):
            self._ensure_account(namespace)

    def follow(self, event: Event) -> bool:
        """Act on one change; whether the namespace must be looked at again."""
        name = event.object["metadata"]["name"]
        if event.resource == "serviceaccounts" and event.type == "DELETED" and name == DEFAULT_ACCOUNT:
            namespace = self._storage.get("namespaces", "", event.object["metadata"]["namespace"])
            if namespace is not None:
                self._ensure_account(namespace)
        current = self._storage.get("namespaces", "", name) if event.resource == "namespaces" else None
        if current is None:
            return False
        if "deletionTimestamp" in current["metadata"]:
            return not self._empty(current)
        self._ensure_account(current)
        return False

    def sweep(self) -> None:
        """Go on with namespaces that were being emptied."""
        for namespace in self._storage.select("namespaces"):
            if "deletionTimestamp" in namespace["metadata"]:
                self._empty(namespace)

    def _empty(self, namespace: Json) -> bool:
        """Delete what is in a namespace; if nothing is left, the namespace itself. Whether it is gone."""
        name = namespace["metadata"]["name"]
        is_empty = True
        for resource in list(self._objects.catalog):
            if not resource.namespaced or resource.is_review:
                continue
            for obj in self._storage.select(resource.stored_as, name):
                if "deletionTimestamp" not in obj["metadata"]:
                    self._objects.delete(resource, name, obj["metadata"]["name"], {})
            is_empty = is_empty and not self._storage.select(resource.stored_as, name)
        if is_empty:
            options = WriteOptions(subresource="finalize")
            self._objects.change(self._type, "", name, lambda current: current | {"spec": {}}, options)
        return is_empty

    def _ensure_account(self, namespace: Json) -> None:
        name = namespace["metadata"]["name"]
        if "deletionTimestamp" in namespace["metadata"]:
            return
        if self._storage.get("serviceaccounts", name, DEFAULT_ACCOUNT) is None:
            self._objects.create(self._accounts, name, {"metadata": {"name": DEFAULT_ACCOUNT}}, WriteOptions())

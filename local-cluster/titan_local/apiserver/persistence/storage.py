"""Objects, their versions and the recent past.

Every write is one SQLite transaction (WAL, synchronous=NORMAL: it survives the death of the process, not the loss
of power) that is committed before it becomes visible in memory; reads never touch the disk. One integer counts all
writes; it is the resourceVersion. The last events are kept for watches and for pages of lists that began in the past;
older versions are "too old", and so is everything from before a restart.

Objects are encoded once, when they are written: the same bytes go to the disk, to whoever reads and to watchers.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from titan_api.json_types import Json
from titan_local.apiserver.persistence.databases import Database, encode
from titan_local.apiserver.persistence.labels import Carries, LabelIndex

Key = tuple[str, str]
"""Namespace (empty for cluster-scoped objects) and name."""
EventListener = Callable[["Event"], None]

EVERY_RESOURCE = "*"
HISTORY = 20_000
"""Events that a watch may resume from."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one object."""

    version: int
    resource: str
    type: str
    """ADDED, MODIFIED or DELETED."""
    object: Json
    previous: Json | None
    body: bytes
    """The object as JSON."""


class _Shelf:
    """The objects of one resource, by key and in the order of their keys."""

    def __init__(self) -> None:
        self.entries: dict[Key, tuple[Json, bytes]] = {}
        self.keys: list[Key] = []
        self._labels = LabelIndex()

    def put(self, key: Key, obj: Json, body: bytes) -> Json | None:
        previous = self.entries.get(key)
        if previous is None:
            insort(self.keys, key)
        self.entries[key] = (obj, body)
        self._labels.update(key, previous[0] if previous else None, obj)
        return previous[0] if previous else None

    def remove(self, key: Key) -> None:
        previous, _ = self.entries.pop(key)
        del self.keys[bisect_left(self.keys, key)]
        self._labels.update(key, previous, None)

    def range(self, namespace: str | None) -> list[Key]:
        if namespace is None:
            return self.keys
        return self.keys[bisect_left(self.keys, (namespace, "")) : bisect_left(self.keys, (namespace + "\0", ""))]

    def carriers(self, namespace: str | None, wanted: Sequence[Carries]) -> list[Key]:
        found = self._labels.find(wanted, self.entries)
        if found is None:
            return self.range(namespace)
        return sorted(key for key in found if namespace is None or key[0] == namespace)


class Storage:
    """All objects of all resources. Objects handed out are shared: never change them."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._shelves: dict[str, _Shelf] = {}
        for resource, namespace, name, body, obj in self._database.load():
            self._shelf(resource).put((namespace, name), obj, body)
        self.version = self._database.version()
        self.oldest = self.version
        """Watches from before this version cannot be served."""
        self._history: deque[Event] = deque()
        self._listeners: dict[str, list[EventListener]] = {}

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def get(self, resource: str, namespace: str, name: str) -> Json | None:
        """One object, or None."""
        entry = self._shelf(resource).entries.get((namespace, name))
        return entry[0] if entry else None

    def select(
        self,
        resource: str,
        namespace: str | None = None,
        *,
        version: int | None = None,
        carrying: Sequence[Carries] = (),
    ) -> list[Json]:
        """The objects of a resource in one namespace or in all, sorted by namespace and name.

        With a version, which must not be older than ``oldest``: as they were then. ``carrying`` may leave out objects
        without these labels; it need not leave out all of them.
        """
        shelf = self._shelf(resource)
        if version is None or version >= self.version:
            keys = shelf.carriers(namespace, carrying)
            return [shelf.entries[key][0] for key in keys]
        then = {key: shelf.entries[key][0] for key in shelf.range(namespace)}
        for event in reversed(self.events_since(resource, version)):
            key = key_of(event.object)
            if event.previous is None:
                then.pop(key, None)
            elif namespace is None or key[0] == namespace:
                then[key] = event.previous
        return [then[key] for key in sorted(then)]

    def all(self) -> Iterator[tuple[str, Json]]:
        """Every object of every resource."""
        return iter([(name, obj) for name, shelf in self._shelves.items() for obj, _ in shelf.entries.values()])

    def encoded(self, resource: str, obj: Json) -> bytes:
        """An object as JSON; free for what is stored."""
        entry = self._shelf(resource).entries.get(key_of(obj))
        return entry[1] if entry is not None and entry[0] is obj else encode(obj)

    def put(self, resource: str, obj: Json) -> Json:
        """Write an object; returns it with its new resourceVersion. Raises StorageError."""
        key, version = key_of(obj), self.version + 1
        stored = obj | {"metadata": obj["metadata"] | {"resourceVersion": str(version)}}
        body = encode(stored)
        self._database.write(resource, *key, version, body)
        self.version = version
        previous = self._shelf(resource).put(key, stored, body)
        kind = "ADDED" if previous is None else "MODIFIED"
        self._publish(Event(version, resource, kind, stored, previous, body))
        return stored

    def remove(self, resource: str, namespace: str, name: str) -> Json:
        """Remove an object; returns its last state with the version of the removal. Raises StorageError."""
        shelf, key, version = self._shelf(resource), (namespace, name), self.version + 1
        previous = shelf.entries[key][0]
        self._database.erase(resource, namespace, name, version)
        self.version = version
        shelf.remove(key)
        last = previous | {"metadata": previous["metadata"] | {"resourceVersion": str(version)}}
        self._publish(Event(version, resource, "DELETED", last, previous, encode(last)))
        return last

    def events_since(self, resource: str, version: int) -> list[Event]:
        """What happened to a resource after a version that is not older than ``oldest``."""
        found: list[Event] = []
        for event in reversed(self._history):
            if event.version <= version:
                break
            if event.resource == resource:
                found.append(event)
        return found[::-1]

    def listen(self, resource: str, listener: EventListener) -> Callable[[], None]:
        """Call a listener for each later event of a resource; returns the function that ends it."""
        listeners = self._listeners.setdefault(resource, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    def _shelf(self, resource: str) -> _Shelf:
        shelf = self._shelves.get(resource)
        if shelf is None:
            shelf = self._shelves[resource] = _Shelf()
        return shelf

    def _publish(self, event: Event) -> None:
        self._history.append(event)
        if len(self._history) > HISTORY:
            self.oldest = self._history.popleft().version
        for name in (event.resource, EVERY_RESOURCE):
            for listener in list(self._listeners.get(name, ())):
                listener(event)


def key_of(obj: Json) -> Key:
    """Where an object is kept."""
    metadata = obj["metadata"]
    return metadata.get("namespace", ""), metadata["name"]

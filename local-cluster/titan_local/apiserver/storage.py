"""Objects, their versions and the recent past.

Every write is one SQLite transaction (WAL, synchronous=NORMAL: it survives the death of the process, not the loss
of power) that is committed before it becomes visible in memory; reads never touch the disk. One integer counts all
writes; it is the resourceVersion. The last events are kept for watches, older versions are "too old".
"""

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Json = dict[str, Any]
EventListener = Callable[["Event"], None]

HISTORY = 20_000
"""Events that a watch may resume from."""


class StorageError(Exception):
    """The disk refused a write; nothing of it is visible."""


@dataclass(frozen=True)
class Event:
    """One change of one object."""

    version: int
    resource: str
    type: str
    """ADDED, MODIFIED or DELETED."""
    object: Json
    previous: Json | None

    @cached_property
    def body(self) -> str:
        """The object as JSON, made once for all watchers."""
        return json.dumps(self.object, separators=(",", ":"), ensure_ascii=False)


class Storage:
    """All objects of all resources. Objects handed out are shared: never change them."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS objects (resource TEXT, namespace TEXT, name TEXT, body TEXT,"
            " PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID"
        )
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS versions (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER)"
        )
        self._database.execute("INSERT OR IGNORE INTO versions VALUES (1, 1000)")
        (self.version,) = self._database.execute("SELECT version FROM versions").fetchone()
        self.oldest = self.version
        """Watches from before this version cannot be served."""
        self._objects: dict[str, dict[tuple[str, str], Json]] = {}
        for resource, namespace, name, body in self._database.execute("SELECT * FROM objects"):
            self._objects.setdefault(resource, {})[namespace, name] = json.loads(body)
        self._history: deque[Event] = deque()
        self._listeners: dict[str, list[EventListener]] = {}

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def get(self, resource: str, namespace: str, name: str) -> Json | None:
        """One object, or None."""
        return self._objects.get(resource, {}).get((namespace, name))

    def select(self, resource: str, namespace: str | None = None) -> Iterator[Json]:
        """The objects of a resource in one namespace or in all, sorted by namespace and name."""
        objects = self._objects.get(resource, {})
        keys = sorted(key for key in objects if namespace is None or key[0] == namespace)
        return iter([objects[key] for key in keys])

    def all(self) -> Iterator[tuple[str, Json]]:
        """Every object of every resource."""
        return iter([(resource, obj) for resource, objects in self._objects.items() for obj in objects.values()])

    def put(self, resource: str, obj: Json) -> Json:
        """Write an object; returns it with its new resourceVersion. Raises StorageError."""
        metadata = obj["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        version = self.version + 1
        stored = obj | {"metadata": metadata | {"resourceVersion": str(version)}}
        body = json.dumps(stored, separators=(",", ":"), ensure_ascii=False)
        self._commit(version, "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", (resource, *key, body))
        objects = self._objects.setdefault(resource, {})
        previous = objects.get(key)
        objects[key] = stored
        self._publish(Event(version, resource, "MODIFIED" if previous is not None else "ADDED", stored, previous))
        return stored

    def remove(self, resource: str, namespace: str, name: str) -> Json:
        """Remove an object; returns its last state with the version of the removal. Raises StorageError."""
        key = (namespace, name)
        previous = self._objects[resource][key]
        version = self.version + 1
        delete = "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?"
        self._commit(version, delete, (resource, namespace, name))
        del self._objects[resource][key]
        last = previous | {"metadata": previous["metadata"] | {"resourceVersion": str(version)}}
        self._publish(Event(version, resource, "DELETED", last, previous))
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

    def _commit(self, version: int, statement: str, parameters: tuple[str, ...]) -> None:
        try:
            self._database.execute("BEGIN")
            self._database.execute(statement, parameters)
            self._database.execute("UPDATE versions SET version = ?", (version,))
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise StorageError(f"the state directory cannot be written: {error}") from error
        self.version = version

    def _publish(self, event: Event) -> None:
        self._history.append(event)
        if len(self._history) > HISTORY:
            self.oldest = self._history.popleft().version
        for listener in list(self._listeners.get(event.resource, ())):
            listener(event)
        for listener in list(self._listeners.get("*", ())):
            listener(event)

"""An API server in memory, as far as the SDK talks to one: Titan's kinds and Secrets in one namespace."""

import copy
import json
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from titan_api import names
from titan_api.json_types import Json
from titan_api.times import format_second
from titan_sdk.cluster.kube import CORE, JSON_PATCH
from titan_sdk.testing.answers import Asked, LiveStream, answer, refuse_as_api
from titan_sdk.testing.selections import is_selected
from titan_sdk.transport.http import Stream

Key = tuple[str, str]
"""Plural and name of an object."""


class MemoryAPI:
    """Objects by kind and name. Watches see each change; ``on_change`` is told of it, with the lock held."""

    def __init__(self, user: str = "anna", groups: tuple[str, ...] = (), namespace: str = "team") -> None:
        self.user = user
        self.groups = groups
        self.namespace = namespace
        self.objects: dict[str, dict[str, Json]] = defaultdict(dict)
        self.lock = threading.RLock()
        self.on_change: Callable[[str, Json], None] = lambda plural, obj: None
        self.tokens_issued = 0
        self.version = 0
        """Rises with each change."""
        self._watches: list[tuple[str, Asked, LiveStream]] = []
        self._deleted: list[tuple[str, Json]] = []

    # ---------------------------------------------------------------- what a controller does

    def add(self, plural: str, manifest: Json) -> Json:
        """Create an object, or replace the one of its name."""
        with self.lock:
            return self._store(plural, copy.deepcopy(manifest), "ADDED")

    def set_status(self, plural: str, name: str, **status: object) -> None:
        """Change some fields of an object's status; None removes one."""
        with self.lock:
            obj = copy.deepcopy(self.objects[plural][name])
            merged = {**(obj.get("status") or {}), **status}
            obj["status"] = {field: value for field, value in merged.items() if value is not None}
            if obj["status"] != self.objects[plural][name].get("status"):
                self._store(plural, obj, "MODIFIED")

    def remove(self, plural: str, name: str) -> None:
        """Delete an object and all that it owns."""
        with self.lock:
            self.version += 1
            obj = self.objects[plural].pop(name)
            obj["metadata"]["resourceVersion"] = str(self.version)
            self._deleted.append((plural, obj))
            self._tell(plural, "DELETED", obj)
            for kind, key in self._owned_by(obj["metadata"]["uid"]):
                self.remove(kind, key)

    def lose_watches(self) -> None:
        """Break all watches off."""
        with self.lock:
            for _, _, stream in self._watches:
                stream.lose()
            self._watches = []

    # ---------------------------------------------------------------- what a client sees

    def serve(self, asked: Asked) -> Stream:
        """The answer to a request."""
        with self.lock:
            if asked.path.endswith("/selfsubjectreviews"):
                user, groups = self.identify(asked)
                return answer(201, {"status": {"userInfo": {"username": user, "groups": list(groups)}}})
            if "/serviceaccounts/" in asked.path and asked.path.endswith("/token"):
                return self.issue_token(asked)
            for group in ("/api/v1", f"/apis/{names.API_VERSION}"):
                prefix = f"{group}/namespaces/{self.namespace}/"
                plural, _, name = asked.path.removeprefix(prefix).partition("/")
                if asked.path.startswith(prefix) and (group == "/api/v1") == (plural in CORE):
                    return self._object(asked, plural, name) if name else self._collection(asked, plural)
            return refuse_as_api(404, f"there is nothing at {asked.path}")

    def identify(self, asked: Asked) -> tuple[str, tuple[str, ...]]:
        """Who is asking: name and groups."""
        return self.user, self.groups

    def issue_token(self, asked: Asked) -> Stream:
        """A token of a ServiceAccount."""
        if asked.json["spec"]["audiences"] != [names.AUDIENCE_STORE]:
            return refuse_as_api(422, "the audience must be the store's")
        self.tokens_issued += 1
        return answer(201, {"status": {"token": f"token-{self.tokens_issued}"}})

    def _collection(self, asked: Asked, plural: str) -> Stream:
        things = self.objects[plural]
        if asked.method == "POST":
            if asked.json["metadata"]["name"] in things:
                return refuse_as_api(409, f"{plural} {asked.json['metadata']['name']!r} already exists")
            return answer(201, self._store(plural, asked.json, "ADDED"))
        if asked.query.get("watch"):
            return self.watch(asked, plural)
        items = [obj for _, obj in sorted(things.items()) if is_selected(obj, asked.query)]
        start, size = int(asked.query.get("continue", 0)), int(asked.query.get("limit", 10**9))
        metadata = {"resourceVersion": str(self.version)}
        if start + size < len(items):
            metadata["continue"] = str(start + size)
        return answer(200, {"items": items[start : start + size], "metadata": metadata})

    def watch(self, asked: Asked, plural: str) -> Stream:
        """A stream of changes, beginning with those after the version that the client has seen."""
        stream = LiveStream(seconds=float(asked.query.get("timeoutSeconds", 30)))
        seen = int(asked.query["resourceVersion"])
        missed = [("MODIFIED", obj) for obj in self.objects[plural].values()]
        missed += [("DELETED", obj) for kind, obj in self._deleted if kind == plural]
        for event, obj in sorted(missed, key=lambda change: _version_of(change[1])):
            if _version_of(obj) > seen and is_selected(obj, asked.query):
                stream.push(_event(event, obj))
        self._watches.append((plural, asked, stream))
        return stream

    def _object(self, asked: Asked, plural: str, name: str) -> Stream:
        obj = self.objects[plural].get(name)
        if obj is None:
            return refuse_as_api(404, f"{plural} {name!r} not found")
        if asked.method == "PATCH":
            return self._patch(asked, plural, obj)
        if asked.method == "DELETE":
            if asked.json.get("preconditions", {}).get("uid") not in (None, obj["metadata"]["uid"]):
                return refuse_as_api(409, "uid precondition failed")
            self.remove(plural, name)
        return answer(200, obj)

    def _patch(self, asked: Asked, plural: str, obj: Json) -> Stream:
        changed = copy.deepcopy(obj)
        if asked.headers.get("Content-Type") == JSON_PATCH:
            if not all(_carry_out(changed, change) for change in asked.json):
                return refuse_as_api(422, "the server rejected our request due to an error in our request")
        else:
            wanted = asked.json.get("metadata", {}).get("resourceVersion")
            if wanted not in (None, obj["metadata"]["resourceVersion"]):
                return refuse_as_api(409, "the object has been modified")
            changed = _merge(changed, asked.json)
        return answer(200, obj if changed == obj else self._store(plural, changed, "MODIFIED"))

    def _store(self, plural: str, obj: Json, event: str) -> Json:
        self.version += 1
        metadata = obj["metadata"]
        metadata.setdefault("namespace", self.namespace)
        metadata.setdefault("uid", str(uuid.uuid4()))
        metadata.setdefault("creationTimestamp", self.now())
        metadata["resourceVersion"] = str(self.version)
        self.objects[plural][metadata["name"]] = obj
        self._tell(plural, event, obj)
        self.on_change(plural, obj)
        return obj

    def now(self) -> str:
        """The time that new objects carry, in whole seconds."""
        return format_second(datetime.now(UTC))

    def _owned_by(self, uid: str) -> list[Key]:
        return [
            (kind, key)
            for kind, things in self.objects.items()
            for key, thing in things.items()
            if any(owner["uid"] == uid for owner in thing["metadata"].get("ownerReferences", ()))
        ]

    def _tell(self, plural: str, event: str, obj: Json) -> None:
        line = _event(event, obj)
        for watched, asked, stream in self._watches:
            if watched == plural and is_selected(obj, asked.query):
                stream.push(line)


def _version_of(obj: Json) -> int:
    return int(obj["metadata"]["resourceVersion"])


def _event(kind: str, obj: Json) -> bytes:
    return json.dumps({"type": kind, "object": obj}).encode() + b"\n"


def _merge(target: Json, patch: Json) -> Json:
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = _merge(target.get(key) or {}, value) if isinstance(value, dict) else value
    return target


def _carry_out(obj: Json, change: Json) -> bool:
    """One operation of a JSON patch; whether it succeeded."""
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in change["path"].split("/")[1:]]
    place: Any = obj
    for part in way:
        place = place.get(part) if isinstance(place, dict) else None
    if not isinstance(place, dict):
        return False
    if change["op"] == "test":
        return last in place and place[last] == change["value"]
    place[last] = change["value"]
    return True

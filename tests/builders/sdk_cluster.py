"""An API server in memory, as far as the SDK talks to it: Titan's kinds in one namespace, identity, store tokens."""

import copy
import json
import threading
import uuid
from collections import defaultdict
from typing import Any

from builders.sdk_edge import Asked, FakeClock, FaultyTransport, LiveStream, answer

from titan_sdk.access import Access
from titan_sdk.api import names
from titan_sdk.kube import Kube
from titan_sdk.transport import Stream

Json = dict[str, Any]
SERVER = "https://cluster.test"


class FakeCluster:
    """Objects by kind and name; watches see each change. The test plays the operator through ``set_status``."""

    def __init__(self, user: str = "anna", groups: tuple[str, ...] = ()) -> None:
        self.user = user
        self.groups = groups
        self.objects: dict[str, dict[str, Json]] = defaultdict(dict)
        self.transport = FaultyTransport(self._serve)
        self.tokens_issued = 0
        self.accounts_after = 0
        """So many requests for a token find no ServiceAccount yet."""
        self.forget_before = 0
        """Watches from older versions are answered with 410."""
        self._version = 0
        self._watches: list[tuple[str, Asked, LiveStream]] = []
        self._lock = threading.RLock()
        self.on_watch = threading.Event()

    def kube(self, clock: Any = None, namespace: str = "team") -> Kube:
        return Kube(self.access(), namespace, clock or FakeClock())

    def access(self) -> Access:
        return Access(SERVER, self.transport, lambda: "Bearer person", "team")

    def add(self, plural: str, manifest: Json) -> Json:
        with self._lock:
            return self._store(plural, copy.deepcopy(manifest), "ADDED")

    def set_status(self, plural: str, name: str, **status: object) -> None:
        with self._lock:
            obj = copy.deepcopy(self.objects[plural][name])
            obj["status"] = {**(obj.get("status") or {}), **status}
            self._store(plural, obj, "MODIFIED")

    def remove(self, plural: str, name: str) -> None:
        with self._lock:
            self._version += 1
            obj = self.objects[plural].pop(name)
            obj["metadata"]["resourceVersion"] = str(self._version)
            self._tell(plural, "DELETED", obj)
            owned = [
                (kind, key)
                for kind, things in self.objects.items()
                for key, thing in things.items()
                if any(owner["uid"] == obj["metadata"]["uid"] for owner in thing["metadata"].get("ownerReferences", ()))
            ]
            for kind, key in owned:
                self.remove(kind, key)

    def lose_watches(self) -> None:
        with self._lock:
            for _, _, stream in self._watches:
                stream.lose()
            self._watches = []

    def _store(self, plural: str, obj: Json, event: str) -> Json:
        self._version += 1
        metadata = obj["metadata"]
        metadata.setdefault("namespace", "team")
        metadata.setdefault("uid", str(uuid.uuid4()))
        metadata.setdefault("creationTimestamp", "2026-01-02T03:04:05Z")
        metadata["resourceVersion"] = str(self._version)
        self.objects[plural][metadata["name"]] = obj
        self._tell(plural, event, obj)
        return obj

    def _tell(self, plural: str, event: str, obj: Json) -> None:
        line = json.dumps({"type": event, "object": obj}).encode() + b"\n"
        for watched, asked, stream in self._watches:
            if watched == plural and _is_selected(obj, asked):
                stream.push(line)

    def _serve(self, asked: Asked) -> Stream:
        with self._lock:
            if asked.path.endswith("/selfsubjectreviews"):
                return answer(201, {"status": {"userInfo": {"username": self.user, "groups": list(self.groups)}}})
            if asked.path.endswith("/token"):
                return self._token(asked)
            prefix = f"/apis/{names.API_VERSION}/namespaces/team/"
            assert asked.path.startswith(prefix), asked.path
            plural, _, name = asked.path.removeprefix(prefix).partition("/")
            return self._object(asked, plural, name) if name else self._collection(asked, plural)

    def _token(self, asked: Asked) -> Stream:
        if self.accounts_after > 0:
            self.accounts_after -= 1
            return _refuse(404, 'serviceaccounts "titan-client" not found')
        assert asked.json["spec"]["audiences"] == [names.AUDIENCE_STORE]
        self.tokens_issued += 1
        return answer(201, {"status": {"token": f"token-{self.tokens_issued}"}})

    def _collection(self, asked: Asked, plural: str) -> Stream:
        things = self.objects[plural]
        if asked.method == "POST":
            if asked.json["metadata"]["name"] in things:
                return _refuse(409, f"{plural} {asked.json['metadata']['name']!r} already exists")
            return answer(201, self._store(plural, asked.json, "ADDED"))
        if asked.query.get("watch"):
            return self._watch(asked, plural)
        items = [obj for _, obj in sorted(things.items()) if _is_selected(obj, asked)]
        start, size = int(asked.query.get("continue", 0)), int(asked.query.get("limit", 10**9))
        metadata = {"resourceVersion": str(self._version)}
        if start + size < len(items):
            metadata["continue"] = str(start + size)
        return answer(200, {"items": items[start : start + size], "metadata": metadata})

    def _watch(self, asked: Asked, plural: str) -> Stream:
        if int(asked.query["resourceVersion"]) < self.forget_before:
            self.forget_before = 0
            return _refuse(410, "too old resource version")
        stream = LiveStream()
        self._watches.append((plural, asked, stream))
        self.on_watch.set()
        return stream

    def _object(self, asked: Asked, plural: str, name: str) -> Stream:
        obj = self.objects[plural].get(name)
        if obj is None:
            return _refuse(404, f"{plural} {name!r} not found")
        if asked.method == "PATCH":
            wanted = asked.json.get("metadata", {}).get("resourceVersion")
            if wanted not in (None, obj["metadata"]["resourceVersion"]):
                return _refuse(409, "the object has been modified")
            return answer(200, self._store(plural, _merge(copy.deepcopy(obj), asked.json), "MODIFIED"))
        if asked.method == "DELETE":
            if asked.json.get("preconditions", {}).get("uid") not in (None, obj["metadata"]["uid"]):
                return _refuse(409, "uid precondition failed")
            self.remove(plural, name)
        return answer(200, obj)


def _merge(target: Json, patch: Json) -> Json:
    for key, value in patch.items():
        target[key] = _merge(target.get(key) or {}, value) if isinstance(value, dict) else value
    return target


def _is_selected(obj: Json, asked: Asked) -> bool:
    field = asked.query.get("fieldSelector", "")
    if field and obj["metadata"]["name"] != field.removeprefix("metadata.name="):
        return False
    labels = obj["metadata"].get("labels") or {}
    selector = asked.query.get("labelSelector", "")
    if " in (" in selector:
        inside, _, rest = selector.partition(")")
        key, _, values = inside.partition(" in (")
        if labels.get(key) not in values.split(","):
            return False
        selector = rest.lstrip(",")
    pairs = [part.split("=") for part in selector.split(",") if part]
    return all(labels.get(key) == value for key, value in pairs)


def _refuse(status: int, message: str) -> Stream:
    return answer(status, {"kind": "Status", "message": message, "code": status})

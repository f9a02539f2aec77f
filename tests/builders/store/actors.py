"""Writing to the fake cluster with somebody's rights: what the API server would refuse is said by the test."""

import asyncio
import copy

from titan_store.errors import Forbidden

from titan_api import names
from titan_api.json_types import Json

Objects = dict[str, dict[tuple[str, str], Json]]


class Writes:
    """What was written, by whom, and what is to go wrong."""

    def __init__(self) -> None:
        self.made: list[tuple[str | None, str, str]] = []
        """Token (None: the store's own), verb, name."""
        self.refused: set[str] = set()
        """Names of objects that the API server does not let anybody create."""
        self.rivals: list[Json] = []
        """Patches that somebody else makes just before the store's next change."""
        self.seconds_per_list = 0.0
        self.lists_at_once = self.most_lists_at_once = 0
        self.lost_answers = 0
        """So many objects are created, and then the answer does not arrive as hoped: the name is taken."""


class FakeActor:
    """See ``titan_store.cluster.edges.Actor``."""

    def __init__(self, objects: Objects, writes: Writes, token: str | None) -> None:
        self._objects, self._writes, self._token = objects, writes, token

    async def read(self, kind: str, namespace: str, name: str) -> Json | None:
        await asyncio.sleep(0)
        found = self._objects[kind].get((namespace, name))
        if found is not None:
            found["metadata"].setdefault("resourceVersion", "1")
        return copy.deepcopy(found)

    async def jobs_of(self, namespace: str, dag: str) -> list[Json]:
        self._writes.lists_at_once += 1
        self._writes.most_lists_at_once = max(self._writes.most_lists_at_once, self._writes.lists_at_once)
        await asyncio.sleep(self._writes.seconds_per_list)
        self._writes.lists_at_once -= 1
        jobs = self._objects[names.KIND_JOB].items()
        return [copy.deepcopy(raw) for (where, _), raw in jobs if where == namespace and raw["spec"].get("dag") == dag]

    async def change(self, kind: str, namespace: str, name: str, patch: Json) -> Json | None:
        await asyncio.sleep(0)
        found = self._objects[kind].get((namespace, name))
        if found is None:
            return None
        if self._writes.rivals:
            merge(found, self._writes.rivals.pop())
            touch(found)
        wanted = patch.get("metadata", {}).get("resourceVersion")
        if wanted is not None and wanted != found["metadata"].get("resourceVersion"):
            return None
        self._writes.made.append((self._token, "patch", name))
        merge(found, patch)
        touch(found)
        return copy.deepcopy(found)

    async def create(self, namespace: str, manifest: Json) -> Json | None:
        await asyncio.sleep(0)
        name = manifest["metadata"]["name"]
        place, kind = (namespace, name), manifest["kind"]
        if any(word in name for word in self._writes.refused):
            raise Forbidden(f"The API server refuses the change: {name} is too much.")
        if place in self._objects[kind]:
            return None
        made = copy.deepcopy(manifest)
        made["metadata"] |= {"namespace": namespace, "uid": f"uid-of-{name}", "resourceVersion": "1"}
        made["metadata"]["creationTimestamp"] = "2026-01-02T03:04:05Z"
        self._objects[kind][place] = made
        self._writes.made.append((self._token, "create", name))
        if self._writes.lost_answers:
            self._writes.lost_answers -= 1
            return None
        return copy.deepcopy(made)

    async def delete(self, kind: str, namespace: str, name: str, uid: str) -> None:
        await asyncio.sleep(0)
        found = self._objects[kind].get((namespace, name))
        if found is not None and found["metadata"]["uid"] == uid:
            self._writes.made.append((self._token, "delete", name))
            del self._objects[kind][namespace, name]


def merge(target: Json, patch: Json) -> None:
    """A merge patch (RFC 7396), without the resource version."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            merge(target.setdefault(key, {}), value)
        elif key != "resourceVersion":
            target[key] = value


def touch(raw: Json) -> None:
    """It has another version now."""
    raw["metadata"]["resourceVersion"] = str(int(raw["metadata"].get("resourceVersion", "1")) + 1)

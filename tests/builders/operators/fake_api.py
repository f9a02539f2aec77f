"""An API server in memory: the operator's gateway on one side, watch feeds on the other, faults in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from titan_api.json_types import Json
from titan_api.times import format_time
from titan_kube.client import Page
from titan_kube.errors import AlreadyExists, Conflict, Forbidden, NotFound

Place = tuple[str, str, str]


@dataclass
class Feed:
    """What one operator's watches have still to tell, by kind; a test decides when they do."""

    waiting: dict[str, list[tuple[Json, bool]]] = field(default_factory=dict)
    is_cut: set[str] = field(default_factory=set)
    """Kinds whose watch is broken: what happens meanwhile is never told."""

    def tell(self, kind: str, raw: Json, *, deleted: bool) -> None:
        if kind not in self.is_cut:
            self.waiting.setdefault(kind, []).append((raw, deleted))

    def take(self, *kinds: str) -> list[tuple[str, Json, bool]]:
        """The events of some kinds, or of all."""
        chosen = kinds or tuple(self.waiting)
        return [(kind, raw, deleted) for kind in chosen for raw, deleted in self.waiting.pop(kind, [])]


class FakeAPI:
    """Keeps objects with uid, resourceVersion, generation and owner references, as the real one does."""

    def __init__(self, clock: Callable[[], datetime], page_size: int = 3) -> None:
        self._clock = clock
        self._page_size = page_size
        self.objects: dict[Place, Json] = {}
        self.version = 100
        self.feeds: list[Feed] = []
        self.writes: list[str] = []
        self.refused_pods: set[str] = set()
        """Names for which the quota leaves no room."""
        self.on_pod: Callable[[Json], None] = lambda pod: None
        """The kubelet: called with each new pod."""

    # ------------------------------------------------------------ the gateway's side
    async def get(self, kind: str, namespace: str, name: str) -> Json:
        return _copy(self._find(kind, namespace, name))

    async def list_page(self, kind: str, namespace: str | None, continuation: str) -> Page:
        chosen = sorted(
            (place, raw)
            for place, raw in self.objects.items()
            if place[0] == kind and namespace in (None, place[1]) and "/".join(place) > continuation
        )
        items = [_copy(raw) for _, raw in chosen[: self._page_size]]
        following = "/".join(chosen[self._page_size - 1][0]) if len(chosen) > self._page_size else ""
        return Page(items, str(self.version), following)

    async def create(self, kind: str, namespace: str, body: Json) -> Json:
        place = (kind, namespace, body["metadata"]["name"])
        if place in self.objects:
            raise AlreadyExists(f"{kind} {place[2]} already exists", code=409)
        if kind == "Pod" and place[2] in self.refused_pods:
            raise Forbidden("exceeded quota", code=403)
        raw = _copy(body)
        self.version += 1
        raw["metadata"] |= {
            "namespace": namespace,
            "uid": f"uid-{self.version}",
            "generation": 1,
            "creationTimestamp": format_time(self._clock()),
        }
        if kind == "Pod":
            raw["status"] = {"phase": "Pending"}
        self._store(place, raw)
        if kind == "Pod":
            self.on_pod(raw)
        return _copy(raw)

    async def patch(self, kind: str, namespace: str, name: str, body: Json, *, subresource: str = "") -> Json:
        raw = self._find(kind, namespace, name)
        expected = body.get("metadata", {}).get("resourceVersion")
        if expected not in (None, raw["metadata"]["resourceVersion"]):
            raise Conflict("the object has been modified", code=409)
        changed = _copy(raw)
        part = {"status": body.get("status", {})} if subresource == "status" else body
        _merge(changed, _copy(part))
        changed["metadata"] |= {key: raw["metadata"][key] for key in ("uid", "resourceVersion")}
        if changed != raw:
            changed["metadata"]["generation"] += changed.get("spec") != raw.get("spec")
            self._store((kind, namespace, name), changed)
        return _copy(self._find(kind, namespace, name))

    async def delete(self, kind: str, namespace: str, name: str, preconditions: Json) -> Json:
        raw = self._find(kind, namespace, name)
        for precondition, value in preconditions.items():
            if raw["metadata"][precondition] != value:
                raise Conflict(f"the {precondition} is another one", code=409)
        self.remove(kind, namespace, name)
        return _copy(raw)

    # ------------------------------------------------------------ everybody else's side
    def feed(self) -> Feed:
        """The watches of one more operator, from now on."""
        self.feeds.append(Feed())
        return self.feeds[-1]

    def remove(self, kind: str, namespace: str, name: str) -> None:
        """Delete at once, with everything that the object owns."""
        raw = self.objects.pop((kind, namespace, name))
        self.version += 1
        gone = _copy(raw)
        gone["metadata"]["resourceVersion"] = str(self.version)
        self._tell(kind, gone, deleted=True)
        for place in [place for place, other in self.objects.items() if _is_owned_by(other, raw["metadata"]["uid"])]:
            if place in self.objects:
                self.remove(*place)

    def set_status(self, kind: str, namespace: str, name: str, **fields: Any) -> None:
        """As the kubelet or a person would."""
        raw = _copy(self._find(kind, namespace, name))
        _merge(raw, {"status": fields})
        self._store((kind, namespace, name), raw)

    def set_spec(self, kind: str, namespace: str, name: str, **fields: Any) -> None:
        """As a person would."""
        raw = _copy(self._find(kind, namespace, name))
        _merge(raw, {"spec": fields})
        raw["metadata"]["generation"] += 1
        self._store((kind, namespace, name), raw)

    def all(self, kind: str) -> list[Json]:
        return [raw for place, raw in sorted(self.objects.items()) if place[0] == kind]

    def _find(self, kind: str, namespace: str, name: str) -> Json:
        try:
            return self.objects[kind, namespace, name]
        except KeyError:
            raise NotFound(f"{kind} {name} not found", code=404) from None

    def _store(self, place: Place, raw: Json) -> None:
        self.version += 1
        raw["metadata"]["resourceVersion"] = str(self.version)
        self.objects[place] = raw
        self._tell(place[0], raw, deleted=False)

    def _tell(self, kind: str, raw: Json, *, deleted: bool) -> None:
        for feed in self.feeds:
            feed.tell(kind, _copy(raw), deleted=deleted)


def _copy(value: Any) -> Any:
    """JSON has two kinds of containers; copy.deepcopy looks for many more."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _is_owned_by(raw: Json, uid: str) -> bool:
    return any(owner["uid"] == uid for owner in raw["metadata"].get("ownerReferences", []))


def _merge(target: Json, patch: Json) -> None:
    """RFC 7386."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value

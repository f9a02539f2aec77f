"""A store in memory that speaks the store's HTTP API, as far as the SDK uses it."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from builders.sdk_edge import Asked, FakeClock, FaultyTransport, WholeStream, answer

from titan_sdk.store import Store
from titan_sdk.transport import Stream

ADDRESS = "http://store.test:9090"
UPDATED = "2026-01-02T03:04:05.000006Z"


@dataclass
class FakeLog:
    """What one attempt printed. ``complete``: its outcome is recorded."""

    content: bytes = b""
    complete: bool = True


@dataclass
class FakeStore:
    """Everything public, so that tests may look and meddle."""

    values: dict[str, str] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    logs: dict[str, dict[int, FakeLog]] = field(default_factory=dict)
    tokens: tuple[str, ...] = ()
    """Tokens that are accepted; empty: everybody is."""
    damage: bool = False
    """Downloads arrive with another last byte."""
    cut: int = 0
    """So many downloads break off in the middle."""

    def __post_init__(self) -> None:
        self.transport = FaultyTransport(self._serve)

    def store(self, clock: Any = None) -> Store:
        return Store(PlainRoute(self.transport), "team", clock or FakeClock())

    def _serve(self, asked: Asked) -> Stream:
        token = asked.headers.get("X-Titan-Token") or asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens and token not in self.tokens:
            return _refuse(401, "Unauthenticated", "the token is not known")
        path = asked.path.partition("/v1/namespaces/team")[2]
        return getattr(self, f"_{asked.method.lower()}_{path.strip('/').replace('/', '_')}")(asked)

    def _get_value(self, asked: Asked) -> Stream:
        value = self.values.get(asked.query["key"])
        if value is None:
            return _refuse(404, "KeyNotFound", "there is no such key")
        return WholeStream(200, value.encode(), headers={"etag": _etag(value)})

    def _put_value(self, asked: Asked) -> Stream:
        key = asked.query["key"]
        present = self.values.get(key)
        wants = asked.headers.get("If-Match")
        if (wants and (present is None or _etag(present) != wants)) or (
            asked.headers.get("If-None-Match") and present is not None
        ):
            return _refuse(412, "PreconditionFailed", "the value changed")
        self.values[key] = asked.body.decode()
        return WholeStream(204)

    def _delete_value(self, asked: Asked) -> Stream:
        if self.values.pop(asked.query["key"], None) is None:
            return _refuse(404, "KeyNotFound", "there is no such key")
        return WholeStream(204)

    def _post_value_increment(self, asked: Asked) -> Stream:
        text = self.values.get(asked.query["key"], "0")
        if not text.lstrip("-").isdigit():
            return _refuse(409, "NotAnInteger", "the value is no integer")
        self.values[asked.query["key"]] = str(int(text) + asked.json["by"])
        return answer(200, {"value": int(text) + asked.json["by"]})

    def _get_values(self, asked: Asked) -> Stream:
        keys = sorted(key for key in self.values if key.startswith(asked.query["prefix"]))
        return _page(asked, [{"key": key} for key in keys])

    def _post_set_add(self, asked: Asked) -> Stream:
        members = self.sets.setdefault(asked.query["key"], [])
        is_new = asked.json["member"] not in members
        if is_new:
            members.append(asked.json["member"])
        return answer(200, {"added": int(is_new)})

    def _get_set(self, asked: Asked) -> Stream:
        return answer(200, {"members": self.sets.get(asked.query["key"], [])})

    def _put_file(self, asked: Asked) -> Stream:
        if asked.headers["Repr-Digest"] != _repr_digest(asked.body):
            return _refuse(400, "DigestMismatch", "the content is not what was announced")
        self.files[asked.query["name"]] = asked.body
        return answer(201)

    def _get_file(self, asked: Asked) -> Stream:
        content = self.files.get(asked.query["name"])
        return self._content(content, "FileNotFound")

    def _delete_file(self, asked: Asked) -> Stream:
        if self.files.pop(asked.query["name"], None) is None:
            return _refuse(404, "FileNotFound", "there is no such file")
        return WholeStream(204)

    def _get_files(self, asked: Asked) -> Stream:
        found = sorted(name for name in self.files if name.startswith(asked.query["prefix"]))
        items = [
            {"name": name, "size": len(self.files[name]), "digest": digest_of(self.files[name]), "updateTime": UPDATED}
            for name in found
        ]
        return _page(asked, items)

    def _head_blob(self, asked: Asked) -> Stream:
        return WholeStream(200 if asked.query["digest"] in self.blobs else 404)

    def _put_blob(self, asked: Asked) -> Stream:
        if digest_of(asked.body) != asked.query["digest"]:
            return _refuse(400, "DigestMismatch", "the content is not what was announced")
        self.blobs[asked.query["digest"]] = asked.body
        return answer(201)

    def _get_blob(self, asked: Asked) -> Stream:
        return self._content(self.blobs.get(asked.query["digest"]), "BlobNotFound")

    def _get_log(self, asked: Asked) -> Stream:
        attempts = self.logs.get(asked.query["job"], {})
        attempt = int(asked.query.get("attempt", max(attempts, default=0)))
        if attempt not in attempts:
            return _refuse(404, "LogNotFound", "there is no log")
        rest = attempts[attempt].content[int(asked.query.get("offset", 0)) :]
        return WholeStream(200, rest, headers={"x-titan-attempt": str(attempt)})

    def _get_logs(self, asked: Asked) -> Stream:
        attempts = self.logs.get(asked.query["job"], {})
        items = [{"attempt": n, "size": len(log.content), "complete": log.complete} for n, log in attempts.items()]
        return answer(200, {"items": items})

    def _content(self, content: bytes | None, code: str) -> Stream:
        if content is None:
            return _refuse(404, code, "there is no such content")
        headers = {"repr-digest": _repr_digest(content), "content-length": str(len(content))}
        if self.cut > 0:
            self.cut -= 1
            return WholeStream(200, content[: len(content) // 2], headers=headers, breaks=True)
        return WholeStream(200, content[:-1] + b"?" if self.damage else content, headers=headers)


@dataclass
class PlainRoute:
    """Straight to the fake, without credentials."""

    transport: FaultyTransport
    base: str = ADDRESS

    def headers(self) -> dict[str, str]:
        return {}

    def authenticate_anew(self) -> bool:
        return False


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _page(asked: Asked, items: list[dict[str, Any]]) -> Stream:
    start, size = int(asked.query.get("continue", 0)), int(asked.query["limit"])
    more = {"continue": str(start + size)} if start + size < len(items) else {}
    return answer(200, {"items": items[start : start + size]} | more)


def _etag(value: str) -> str:
    return f'"{hashlib.sha256(value.encode()).hexdigest()[:8]}"'


def _repr_digest(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def _refuse(status: int, code: str, message: str) -> Stream:
    return answer(status, {"error": {"code": code, "message": message}})

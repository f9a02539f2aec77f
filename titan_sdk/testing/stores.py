"""A store in memory that speaks the store's HTTP API, as far as the SDK uses it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from titan_api.digests import digest_of, repr_digest
from titan_api.times import format_time
from titan_sdk.testing.answers import Asked, LiveStream, WholeStream, answer, refuse_as_store
from titan_sdk.transport.http import Stream

Handler = Callable[[Asked], Stream]


@dataclass
class MemoryLog:
    """What one attempt printed. ``complete``: its outcome is recorded."""

    content: bytes = b""
    complete: bool = True
    readers: list[LiveStream] = field(default_factory=list)
    """Those who follow it."""

    def append(self, content: bytes) -> None:
        """Print something."""
        self.content += content
        for reader in self.readers:
            reader.push(content)

    def finish(self) -> None:
        """Nothing comes any more."""
        self.complete = True
        for reader in self.readers:
            reader.close()
        self.readers = []


@dataclass
class MemoryStore:
    """Everything public, so that tests may look and meddle."""

    namespace: str = "team"
    values: dict[str, str] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    logs: dict[str, dict[int, MemoryLog]] = field(default_factory=dict)
    """By uid of the TitanJob and number of the attempt."""
    left: dict[str, bytes] = field(default_factory=dict)
    """What jobs left in their workspaces, by path: one workspace for all."""
    updated: dict[str, str] = field(default_factory=dict)
    """When each file was uploaded."""

    def serve(self, asked: Asked) -> Stream:
        """The answer to a request."""
        path = asked.path.partition(f"/v1/namespaces/{self.namespace}/")[2]
        handler: Handler | None = self._handlers().get((asked.method, path))
        if handler is None:
            return refuse_as_store(404, "BadRequest", f"there is nothing at {asked.method} {asked.path}")
        return handler(asked)

    def _handlers(self) -> dict[tuple[str, str], Handler]:
        return {
            ("GET", "value"): self._get_value,
            ("PUT", "value"): self._put_value,
            ("DELETE", "value"): self._delete_value,
            ("POST", "value/increment"): self._increment,
            ("GET", "values"): self._list_values,
            ("POST", "set/add"): self._add_member,
            ("POST", "set/remove"): self._remove_member,
            ("GET", "set"): lambda asked: answer(200, {"members": self.sets.get(asked.query["key"], [])}),
            ("DELETE", "set"): self._delete_set,
            ("PUT", "file"): self._put_file,
            ("GET", "file"): lambda asked: self._content(asked, self.files.get(asked.query["name"]), "FileNotFound"),
            ("DELETE", "file"): self._delete_file,
            ("GET", "files"): self._list_files,
            ("HEAD", "blob"): lambda asked: WholeStream(200 if asked.query["digest"] in self.blobs else 404),
            ("PUT", "blob"): self._put_blob,
            ("GET", "blob"): lambda asked: self._content(asked, self.blobs.get(asked.query["digest"]), "BlobNotFound"),
            ("POST", "workspace"): self._fold,
            ("GET", "workspace/file"): self._find_left,
            ("GET", "log"): self._get_log,
            ("GET", "logs"): self._list_logs,
        }

    def _get_value(self, asked: Asked) -> Stream:
        value = self.values.get(asked.query["key"])
        if value is None:
            return _no_key(asked)
        return WholeStream(200, value.encode(), headers={"etag": _etag(value)})

    def _put_value(self, asked: Asked) -> Stream:
        key = asked.query["key"]
        present = self.values.get(key)
        wants = asked.headers.get("If-Match")
        if (wants and (present is None or _etag(present) != wants)) or (
            asked.headers.get("If-None-Match") and present is not None
        ):
            return refuse_as_store(412, "PreconditionFailed", "the value changed")
        self.values[key] = asked.body.decode()
        return WholeStream(204, headers={"etag": _etag(self.values[key])})

    def _delete_value(self, asked: Asked) -> Stream:
        return _no_key(asked) if self.values.pop(asked.query["key"], None) is None else WholeStream(204)

    def _increment(self, asked: Asked) -> Stream:
        text = self.values.get(asked.query["key"], "0")
        if not text.lstrip("-").isdigit():
            return refuse_as_store(409, "NotAnInteger", f"the value of {asked.query['key']!r} is no integer")
        self.values[asked.query["key"]] = str(int(text) + asked.json["by"])
        return answer(200, {"value": int(text) + asked.json["by"]})

    def _list_values(self, asked: Asked) -> Stream:
        keys = sorted(key for key in self.values if key.startswith(asked.query["prefix"]))
        return _page(asked, [{"key": key, "size": len(self.values[key].encode())} for key in keys])

    def _add_member(self, asked: Asked) -> Stream:
        members = self.sets.setdefault(asked.query["key"], [])
        is_new = asked.json["member"] not in members
        if is_new:
            members.append(asked.json["member"])
        return answer(200, {"added": int(is_new)})

    def _remove_member(self, asked: Asked) -> Stream:
        members = self.sets.get(asked.query["key"], [])
        was_there = asked.json["member"] in members
        if was_there:
            members.remove(asked.json["member"])
        return answer(200, {"removed": int(was_there)})

    def _delete_set(self, asked: Asked) -> Stream:
        self.sets.pop(asked.query["key"], None)
        return WholeStream(204)

    def _put_file(self, asked: Asked) -> Stream:
        if asked.headers["Repr-Digest"] != repr_digest(digest_of(asked.body)):
            return refuse_as_store(400, "DigestMismatch", "the content is not what was announced")
        self.files[asked.query["name"]] = asked.body
        self.updated[asked.query["name"]] = self.now()
        return answer(201)

    def _delete_file(self, asked: Asked) -> Stream:
        if self.files.pop(asked.query["name"], None) is None:
            return refuse_as_store(404, "FileNotFound", f"there is no file {asked.query['name']!r}")
        return WholeStream(204)

    def _list_files(self, asked: Asked) -> Stream:
        names = sorted(name for name in self.files if name.startswith(asked.query["prefix"]))
        return _page(asked, [self._describe(name) for name in names])

    def _describe(self, name: str) -> dict[str, object]:
        content = self.files[name]
        updated = self.updated.setdefault(name, self.now())
        return {"name": name, "size": len(content), "digest": digest_of(content), "updateTime": updated}

    def _put_blob(self, asked: Asked) -> Stream:
        if digest_of(asked.body) != asked.query["digest"]:
            return refuse_as_store(400, "DigestMismatch", "the content is not what was announced")
        self.blobs[asked.query["digest"]] = asked.body
        return answer(201)

    def _fold(self, asked: Asked) -> Stream:
        return answer(200, {"files": {path: self._entry(path) for path in self.left}, "conflicts": []})

    def _find_left(self, asked: Asked) -> Stream:
        name = asked.query["name"]
        for path in [path for path in (name, *reversed(self.left)) if path in self.left]:
            if path == name or path.rpartition("/")[2] == name:
                return answer(200, self._entry(path) | {"path": path, "attempt": 1})
        return refuse_as_store(404, "FileNotFound", f"no job has left a file {name!r}")

    def _entry(self, path: str) -> dict[str, object]:
        digest = digest_of(self.left[path])
        self.blobs[digest] = self.left[path]
        return {"digest": digest, "mode": 0o644, "size": len(self.left[path]), "job": "uid-of-a-job"}

    def _get_log(self, asked: Asked) -> Stream:
        attempts = self.logs.get(asked.query["job"], {})
        attempt = int(asked.query.get("attempt", max(attempts, default=0)))
        if attempt not in attempts:
            return refuse_as_store(404, "LogNotFound", "there is no log")
        log, headers = attempts[attempt], {"x-titan-attempt": str(attempt)}
        rest = log.content[int(asked.query.get("offset", 0)) :]
        if asked.query.get("follow") and not log.complete:
            reader = LiveStream(headers, seconds=float(asked.query.get("timeoutSeconds", 60)))
            if rest:
                reader.push(rest)
            log.readers.append(reader)
            return reader
        return WholeStream(200, rest, headers=headers)

    def _list_logs(self, asked: Asked) -> Stream:
        attempts = self.logs.get(asked.query["job"], {})
        items = [{"attempt": n, "size": len(log.content), "complete": log.complete} for n, log in attempts.items()]
        return answer(200, {"items": items})

    def _content(self, asked: Asked, content: bytes | None, code: str) -> Stream:
        if content is None:
            return refuse_as_store(404, code, f"there is no {next(iter(asked.query.values()))!r}")
        digest = digest_of(content)
        headers = {"repr-digest": repr_digest(digest), "etag": f'"{digest}"'}
        start = _start_of(asked, digest)
        if start:
            headers["content-range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        headers["content-length"] = str(len(content) - start)
        return self.send_content(206 if start else 200, content[start:], headers)

    def send_content(self, status: int, content: bytes, headers: dict[str, str]) -> Stream:
        """The answer with a file's content: a place where tests may break it."""
        return WholeStream(status, content, headers=headers)

    def now(self) -> str:
        """The time that new files carry."""
        return format_time(datetime.now(UTC))


def _start_of(asked: Asked, digest: str) -> int:
    """Where the wanted range begins; 0 for the whole, which is also what one gets once the content has changed."""
    wanted = asked.headers.get("Range", "")
    if not wanted.startswith("bytes=") or asked.headers.get("If-Range") not in (None, f'"{digest}"'):
        return 0
    return int(wanted.removeprefix("bytes=").partition("-")[0])


def _page(asked: Asked, items: list[dict[str, Any]]) -> Stream:
    start, size = int(asked.query.get("continue", 0)), int(asked.query["limit"])
    more = {"continue": str(start + size)} if start + size < len(items) else {}
    return answer(200, {"items": items[start : start + size]} | more)


def _no_key(asked: Asked) -> Stream:
    return refuse_as_store(404, "KeyNotFound", f"there is no key {asked.query['key']!r}")


def _etag(value: str) -> str:
    return f'"{hashlib.sha256(value.encode()).hexdigest()[:8]}"'

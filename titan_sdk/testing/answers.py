"""Requests taken apart and answers put together: what servers in memory are made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from titan_sdk.errors import TitanUnavailable
from titan_sdk.transport.http import Request, Stream


@dataclass(frozen=True)
class Asked:
    """A request in parts."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class WholeStream:
    """An answer that is there at once, in the given pieces; ``breaks`` ends it with a lost connection."""

    def __init__(
        self, status: int, *chunks: bytes, headers: Mapping[str, str] | None = None, breaks: bool = False
    ) -> None:
        self.status = status
        self.headers: Mapping[str, str] = dict(headers or {})
        self._chunks = [chunk for chunk in chunks if chunk]
        self._breaks = breaks

    def read(self) -> bytes:
        if self._chunks:
            return self._chunks.pop(0)
        if self._breaks:
            raise TitanUnavailable("the connection broke", maybe_done=True)
        return b""

    def close(self) -> None:
        self._chunks = []

    interrupt = close


class LiveStream:
    """An answer that goes on until somebody ends it, or until nothing came for some seconds."""

    status = 200

    def __init__(self, headers: Mapping[str, str] | None = None, *, seconds: float | None = None) -> None:
        self.headers: Mapping[str, str] = dict(headers or {})
        self._seconds = seconds
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()

    def push(self, chunk: bytes) -> None:
        """Let the reader have something."""
        self._queue.put(chunk)

    def lose(self) -> None:
        """Break the connection."""
        self._queue.put(None)

    def read(self) -> bytes:
        try:
            chunk = self._queue.get(timeout=self._seconds)
        except Empty:
            return b""
        if chunk is None:
            raise TitanUnavailable("the connection broke", maybe_done=True)
        return chunk

    def close(self) -> None:
        self._queue.put(b"")

    interrupt = close


def answer(status: int, content: object = None, headers: Mapping[str, str] | None = None) -> WholeStream:
    """A JSON answer."""
    return WholeStream(status, json.dumps({} if content is None else content).encode(), headers=headers)


def refuse_as_api(status: int, message: str) -> Stream:
    """A refusal as the API server words it."""
    return answer(status, {"kind": "Status", "message": message, "code": status})


def refuse_as_store(status: int, code: str, message: str) -> Stream:
    """A refusal as the store words it."""
    return answer(status, {"error": {"code": code, "message": message}})


def parse(request: Request) -> Asked:
    """The parts of a request; a body that is a file is read."""
    url = urlsplit(request.url)
    body = request.body
    content = b"" if body is None else body if isinstance(body, bytes) else body.read()
    return Asked(request.method, url.path, dict(parse_qsl(url.query, keep_blank_values=True)), request.headers, content)

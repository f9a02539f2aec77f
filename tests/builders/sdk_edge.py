"""The SDK's edge in memory: a transport whose answers come from Python, and a clock that never waits."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue
from urllib.parse import parse_qsl, urlsplit

from titan_sdk.errors import TitanUnavailable
from titan_sdk.transport import Request, Stream


class FakeClock:
    """Sleeping moves it, and lets one act of ``meanwhile`` happen; it remembers how often somebody slept."""

    def __init__(self, *meanwhile: Callable[[], object]) -> None:
        self.time = 1000.0
        self.sleeps = 0
        self.meanwhile = list(meanwhile)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        self.time += max(seconds, 0.001)
        if self.meanwhile:
            self.meanwhile.pop(0)()


class WholeStream:
    """An answer that is there at once, in the given pieces; ``breaks`` ends it with a lost connection."""

    def __init__(self, status: int, *chunks: bytes, headers: Mapping[str, str] | None = None, breaks: bool = False):
        self.status = status
        self.headers = dict(headers or {})
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

    def interrupt(self) -> None:
        self.close()


class LiveStream:
    """An answer that goes on until somebody ends it."""

    status = 200
    headers: Mapping[str, str] = {}

    def __init__(self) -> None:
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()

    def push(self, chunk: bytes) -> None:
        self._queue.put(chunk)

    def lose(self) -> None:
        self._queue.put(None)

    def read(self) -> bytes:
        chunk = self._queue.get()
        if chunk is None:
            raise TitanUnavailable("the connection broke", maybe_done=True)
        return chunk

    def close(self) -> None:
        self._queue.put(b"")

    def interrupt(self) -> None:
        self.close()


def answer(status: int, content: object = None, headers: Mapping[str, str] | None = None) -> WholeStream:
    """A JSON answer."""
    return WholeStream(status, json.dumps({} if content is None else content).encode(), headers=headers)


@dataclass(frozen=True)
class Asked:
    """A request in parts."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)


def parse(request: Request) -> Asked:
    url = urlsplit(request.url)
    body = request.body
    content = b"" if body is None else body if isinstance(body, bytes) else body.read()
    return Asked(request.method, url.path, dict(parse_qsl(url.query, keep_blank_values=True)), request.headers, content)


@dataclass
class Fault:
    """What shall go wrong with the next request that it concerns."""

    concerns: Callable[[Asked], bool]
    kind: str
    """unsent: nobody answers; lost: it is carried out, the answer gets lost; or an HTTP status."""
    times: int = 1


@dataclass
class Interruption:
    """What somebody else does just before the next request that it concerns arrives."""

    concerns: Callable[[Asked], bool]
    act: Callable[[Asked], object]


@dataclass
class FaultyTransport:
    """Hands requests to a server in memory, with faults on the way."""

    serve: Callable[[Asked], Stream]
    faults: list[Fault] = field(default_factory=list)
    interruptions: list[Interruption] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def before(self, method: str, path: str, act: Callable[[Asked], object]) -> None:
        self.interruptions.append(Interruption(lambda asked: method == asked.method and path in asked.path, act))

    def fail(self, kind: str, method: str = "", path: str = "", times: int = 1) -> None:
        self.faults.append(Fault(lambda asked: method in ("", asked.method) and path in asked.path, kind, times))

    def open(self, request: Request) -> Stream:
        asked = parse(request)
        self.asked.append(asked)
        for interruption in [known for known in self.interruptions if known.concerns(asked)]:
            self.interruptions.remove(interruption)
            interruption.act(asked)
        fault = next((fault for fault in self.faults if fault.times > 0 and fault.concerns(asked)), None)
        if fault is None:
            return self.serve(asked)
        fault.times -= 1
        if fault.kind == "unsent":
            raise TitanUnavailable("nobody answers")
        if fault.kind == "lost":
            self.serve(asked)
            raise TitanUnavailable("the connection broke", maybe_done=True)
        return answer(int(fault.kind), {"message": f"HTTP {fault.kind}", "code": int(fault.kind)})

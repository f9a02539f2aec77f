"""The SDK's edge in memory: a transport whose answers come from Python, and a clock that never waits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from titan_sdk.errors import TitanUnavailable
from titan_sdk.testing.answers import Asked, LiveStream, WholeStream, answer, parse
from titan_sdk.transport.http import Request, Stream

__all__ = ["Asked", "FakeClock", "FaultyTransport", "LiveStream", "WholeStream", "answer", "parse"]


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

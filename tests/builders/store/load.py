"""Writers that load a store until it is gone, and remember what it has acknowledged."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
from builders.store.reviewers import CLIENT, JOB
from builders.store.stores import BASE, OUTCOME

WRITERS = 4
"""Of each of the five kinds."""
STRIDE = 64
"""More than there are ever writers of a kind."""
FIRST_ENDED = 1000
"""Attempts from here on get an outcome; those of the log writers do not."""


@dataclass
class Acknowledged:
    """How many writes of each writer the store has said yes to; write n of a writer is always the same."""

    values: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    members: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    files: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    logs: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    outcomes: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def writes(self) -> int:
        return sum(sum(kind.values()) for kind in vars(self).values())


def file_content(writer: int, number: int) -> bytes:
    return f"file {number} of {writer} ".encode() * (number % 50 * 40 + 1)


def log_piece(writer: int, number: int) -> bytes:
    return f"line {number} of {writer}\n".encode() * (number % 5 + 1)


def whole_log(writer: int, pieces: int) -> bytes:
    return b"".join(log_piece(writer, number) for number in range(pieces))


def ended_attempt(writer: int, number: int) -> int:
    return FIRST_ENDED + writer + number * STRIDE


Put = Callable[[int, int], Awaitable[bool]]
"""Write n of a writer; whether it was acknowledged."""


class Load:
    """All writers on one session; ``run`` ends when the store is gone."""

    def __init__(self, session: aiohttp.ClientSession, seen: Acknowledged, writers: int = WRITERS) -> None:
        self._session, self._seen, self._writers = session, seen, writers

    @property
    def kinds(self) -> tuple[Put, ...]:
        """In the order of the counts in ``Acknowledged``."""
        return (self.put_value, self._add_member, self._put_file, self._append_log, self._put_outcome)

    async def run(self) -> None:
        counts = vars(self._seen).values()
        async with asyncio.TaskGroup() as tasks:
            for put, counted in zip(self.kinds, counts, strict=True):
                for writer in range(self._writers):
                    tasks.create_task(self._repeat(put, writer, counted))

    async def _repeat(self, put: Put, writer: int, counted: dict[int, int]) -> None:
        while await put(writer, counted[writer]):
            counted[writer] += 1

    async def put_value(self, writer: int, number: int) -> bool:
        return await self._send("PUT", "value", {"key": f"counter {writer}"}, str(number).encode())

    async def _add_member(self, writer: int, number: int) -> bool:
        return await self._send(
            "POST", "set/add", {"key": f"set {writer}"}, json.dumps({"member": f"{number}"}).encode()
        )

    async def _put_file(self, writer: int, number: int) -> bool:
        return await self._send("PUT", "file", {"name": f"file {writer}"}, file_content(writer, number))

    async def _append_log(self, writer: int, number: int) -> bool:
        attempt, offset = writer + 1, len(whole_log(writer, number))
        query = {"job": JOB, "attempt": str(attempt), "offset": str(offset)}
        return await self._send("POST", "log", query, log_piece(writer, number), f"runner-{attempt}")

    async def _put_outcome(self, writer: int, number: int) -> bool:
        attempt = ended_attempt(writer, number)
        query = {"job": JOB, "attempt": str(attempt)}
        record = json.dumps(OUTCOME | {"exitCode": number % 200}).encode()
        return await self._send("PUT", "outcome", query, record, f"runner-{attempt}")

    async def _send(self, method: str, path: str, query: Mapping[str, str], data: bytes, token: str = CLIENT) -> bool:
        """Whether it was acknowledged; False: the store is gone."""
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{BASE}/{path}"
        try:
            async with self._session.request(method, url, params=query, data=data, headers=headers) as reply:
                assert reply.status < 300, await reply.text()
                return True
        except (aiohttp.ClientError, ConnectionError):
            return False

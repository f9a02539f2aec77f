"""Remembers an answer for a while, and asks once for all who ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")

Monotonic = Callable[[], float]
"""Seconds on a clock that never goes back."""


@dataclass(frozen=True)
class _Entry(Generic[Answer]):
    answer: Answer
    until: float


class AnswerCache(Generic[Key, Answer]):
    """Answers by key.

    ``seconds`` says how long an answer may be used, so that a refusal can be forgotten sooner than a permission.
    Errors are never remembered, but everybody who waits for the same question gets them.
    """

    def __init__(self, seconds: Callable[[Answer], float], clock: Monotonic, limit: int = 10_000) -> None:
        self._seconds = seconds
        self._clock = clock
        self._limit = limit
        self._entries: dict[Key, _Entry[Answer]] = {}
        self._asking: dict[Key, asyncio.Task[Answer]] = {}

    async def get(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The remembered answer, or that of ``ask``, which runs once for all who wait for this key."""
        entry = self._entries.get(key)
        if entry is not None and self._clock() < entry.until:
            return entry.answer
        task = self._asking.get(key)
        if task is None:
            self._asking[key] = task = asyncio.create_task(self._ask(key, ask))
            task.add_done_callback(lambda done: self._forget(key, done))
        # Whoever leaves must not take the answer away from the others.
        return await asyncio.shield(task)

    def until(self, key: Key) -> float:
        """How long the remembered answer may be used, by the clock; the past if there is none."""
        entry = self._entries.get(key)
        return entry.until if entry is not None else float("-inf")

    def _forget(self, key: Key, task: asyncio.Task[Answer]) -> None:
        del self._asking[key]
        if not task.cancelled():
            task.exception()  # Everybody who waited may have left; then nobody else looks at it.

    async def _ask(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        asked = self._clock()
        answer = await ask()
        self._entries.pop(key, None)
        self._entries[key] = _Entry(answer, asked + self._seconds(answer))
        while len(self._entries) > self._limit:
            del self._entries[next(iter(self._entries))]
        return answer

"""Runs passes as tasks: a limited number at a time, each started as soon as a key waits."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any

from titan_kube.errors import APIError, Conflict
from titan_operator.clocks import Clock
from titan_operator.metrics import Metrics
from titan_operator.passes.queue import Queue
from titan_operator.records import Key

log = logging.getLogger(__name__)

Work = Callable[[Key], Coroutine[Any, Any, float | None]]


class Workers:
    """Runs the passes of a queue. A pass that raises is retried after a back-off, and affects no other."""

    def __init__(self, queue: Queue, clock: Clock, metrics: Metrics, limit: int) -> None:
        self._queue = queue
        self._clock = clock
        self._metrics = metrics
        self._limit = limit
        self._work: Work | None = None
        self._is_standing_by = False
        self._tasks: set[asyncio.Task[float | None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due = 0.0

    def wake(self, keys: Iterable[Key]) -> None:
        """Something about these keys has changed; the most urgent is first."""
        if self._is_standing_by:
            return
        self._queue.add_in_order(tuple(keys), self._clock.monotonic())
        self._pump()

    def open(self, work: Work) -> None:
        """Begin: until now keys were only collected."""
        self._work = work
        self._is_standing_by = False
        self._pump()

    def stand_by(self) -> None:
        """Start and collect nothing while another operator leads. ``open`` ends this, and then every key is woken."""
        self._work = None
        self._is_standing_by = True
        self._queue.clear()
        self._set_timer()

    async def close(self) -> None:
        """Start nothing more, and let the passes that run come to their end."""
        self._work = None
        if self._timer is not None:
            self._timer.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5.0)

    def _pump(self) -> None:
        if self._work is None:
            return
        while len(self._tasks) < self._limit and (key := self._queue.take(self._clock.monotonic())) is not None:
            task = asyncio.create_task(self._work(key))
            self._tasks.add(task)
            task.add_done_callback(partial(self._finished, key, self._clock.monotonic()))
        self._set_timer()

    def _set_timer(self) -> None:
        due = self._queue.next_due() if self._work is not None and len(self._tasks) < self._limit else None
        if self._timer is not None:
            if due is not None and due == self._timer_due:
                return
            self._timer.cancel()
            self._timer = None
        if due is not None:
            self._timer_due = due
            seconds = max(due - self._clock.monotonic(), 0.0)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._pump()

    def _finished(self, key: Key, began: float, task: asyncio.Task[float | None]) -> None:
        self._tasks.discard(task)
        now = self._clock.monotonic()
        if task.cancelled():
            self._queue.failed(key, now)
            return
        error = task.exception()
        self._metrics.passed(key.kind, "done" if error is None else "failed", now - began)
        if error is None:
            self._queue.done(key, now, task.result())
        else:
            retry_after = error.retry_after if isinstance(error, APIError) else None
            _report(key, error, self._queue.failed(key, now, retry_after))
        self._pump()


def _report(key: Key, error: BaseException, delay: float) -> None:
    """The error first, the key last: in an outage a thousand keys fail alike, and that is logged once."""
    if isinstance(error, Conflict):
        log.debug("%s: %s/%s/%s is looked at again", error, *key)
    elif isinstance(error, APIError):
        log.warning("%s; %s/%s/%s is tried again in %.1f s", error, *key, delay)
    else:
        log.error("a pass failed for %s/%s/%s", *key, exc_info=error)

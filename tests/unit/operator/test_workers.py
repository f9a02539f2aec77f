"""Passes as tasks on a real event loop; no test here depends on how long anything takes."""

import asyncio

import pytest
from titan_operator.clocks import SystemClock
from titan_operator.metrics import Metrics
from titan_operator.passes.queue import Queue
from titan_operator.passes.workers import Workers
from titan_operator.records import Key

from titan_kube.errors import Unavailable

A, B, C = (Key("TitanJob", "default", name) for name in "abc")


def a_crew(limit: int = 2) -> Workers:
    return Workers(Queue(jitter=lambda: 0.01), SystemClock(), Metrics(), limit)


async def test_nothing_runs_before_the_doors_open() -> None:
    seen: list[Key] = []
    done = asyncio.Event()

    async def work(key: Key) -> None:
        seen.append(key)
        done.set()

    workers = a_crew()
    workers.wake([A])
    await asyncio.sleep(0)
    assert seen == []
    workers.open(work)
    await done.wait()
    assert seen == [A]
    await workers.close()


async def test_only_so_many_passes_run_at_once_and_one_a_key() -> None:
    running: set[Key] = set()
    most, finished, gate = 0, asyncio.Event(), asyncio.Event()
    count = 0

    async def work(key: Key) -> None:
        nonlocal most, count
        assert key not in running
        running.add(key)
        most = max(most, len(running))
        await gate.wait()
        running.discard(key)
        count += 1
        if count == 4:
            finished.set()

    workers = a_crew(limit=2)
    workers.open(work)
    workers.wake([A, B, C])
    await asyncio.sleep(0)
    workers.wake([A])
    gate.set()
    await finished.wait()
    assert most == 2
    await workers.close()


async def test_a_pass_that_breaks_is_repeated_and_takes_nobody_along(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[Key] = []
    done = asyncio.Event()

    async def work(key: Key) -> None:
        tries.append(key)
        if tries.count(A) < 3 and key == A:
            raise Unavailable("no answer") if tries.count(A) == 1 else KeyError("a bug")
        if tries.count(A) == 3 and B in tries:
            done.set()

    workers = a_crew()
    workers.open(work)
    workers.wake([A, B])
    await done.wait()
    await workers.close()
    assert any("a bug" in (record.exc_text or "") for record in caplog.records)


async def test_a_pass_that_asks_to_be_called_again_is() -> None:
    calls = 0
    done = asyncio.Event()

    async def work(key: Key) -> float | None:
        nonlocal calls
        calls += 1
        if calls == 3:
            done.set()
            return None
        return 0.0

    workers = a_crew()
    workers.open(work)
    workers.wake([A])
    await done.wait()
    await workers.close()

"""One SQLite file: one writer with group commit, and readers that never wait for it.

Writes that arrive while a commit is at its fsync wait together and share the next transaction, so a hundred
concurrent writes cost two or three fsyncs. Each is answered only after its transaction is committed with
``synchronous=FULL``, which means: after its bytes are on the disk. A write that refuses (a failed precondition) is
rolled back to its own savepoint and leaves its group alone.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from titan_store.errors import InsufficientStorage, StoreError, Unavailable
from titan_store.sqlite import schema

Result = TypeVar("Result")
Operation = Callable[[sqlite3.Connection], Any]
ObserveCommit = Callable[[int, float], None]
"""Told of every group: how many writes, and how many seconds its transaction took."""

GROUP_LIMIT = 256
PENDING_LIMIT = 4096
WAL_KEPT_BYTES = 2**26
"""The WAL is cut to this after a burst of writes; below it is reused, which saves growing it again."""


@dataclass(frozen=True)
class _Write:
    operation: Operation
    answer: asyncio.Future[Any]


class Database:
    """Made by ``open``; ``close`` finishes what was accepted."""

    def __init__(self, path: Path, observe: ObserveCommit) -> None:
        self._observe = observe
        self._writer = _connect(path)
        schema.prepare(self._writer)
        self._reader = _connect(path)
        self._scanner = _connect(path)
        self._writer_thread = ThreadPoolExecutor(1, "commit")
        self._scanner_thread = ThreadPoolExecutor(1, "scan")
        self._queue: asyncio.Queue[_Write | None] = asyncio.Queue(PENDING_LIMIT)
        self._task = asyncio.get_running_loop().create_task(self._serve(), name="group commit")

    async def write(self, operation: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run the operation in the next transaction; returns when it is durable.

        The operation may run again if a neighbour broke the transaction, so it must depend on the database alone.
        Raises what it raises, Unavailable, InsufficientStorage.
        """
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Write(operation, answer))
        except asyncio.QueueFull as error:
            raise Unavailable("Too many writes are waiting for the disk.") from error
        return await answer

    def read(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """A look-up by key, at once and in the event loop: measured, it is cheaper than a change of threads."""
        try:
            return self._reader.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise _translate(error) from error

    async def scan(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """A query whose answer may be long, in a thread of its own."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._scanner_thread, lambda: self._scanner.execute(query, parameters).fetchall()
            )
        except sqlite3.Error as error:
            raise _translate(error) from error

    async def close(self) -> None:
        """Commit what is waiting, then close."""
        await self._queue.put(None)
        await self._task
        self._writer_thread.shutdown()
        self._scanner_thread.shutdown()
        for connection in (self._scanner, self._reader, self._writer):
            connection.close()

    async def _serve(self) -> None:
        is_open = True
        while is_open:
            group = [await self._queue.get()]
            while len(group) < GROUP_LIMIT and not self._queue.empty():
                group.append(self._queue.get_nowait())
            is_open = None not in group
            writes = [write for write in group if write is not None]
            if writes:
                await self._commit_group(writes)

    async def _commit_group(self, writes: list[_Write]) -> None:
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        commit = loop.run_in_executor(self._writer_thread, self._commit, [write.operation for write in writes])
        await asyncio.wait({commit})
        self._observe(len(writes), time.perf_counter() - started)
        defect = commit.exception()
        if defect is not None and len(writes) > 1:  # One of them has a defect, which is no fault of the others.
            for write in writes:
                await self._commit_group([write])
            return
        results = [defect] if defect is not None else commit.result()
        for write, result in zip(writes, results, strict=True):
            if write.answer.done():  # The client is gone; what it asked for is stored all the same.
                continue
            if isinstance(result, BaseException):
                write.answer.set_exception(result)
            else:
                write.answer.set_result(result)

    def _commit(self, operations: list[Operation]) -> list[Any]:
        """Results and refusals, in order. A failed transaction is tried again piece by piece: who can, shall."""
        try:
            return self._transact(operations)
        except sqlite3.Error as error:
            if len(operations) == 1:
                return [_translate(error)]
        finally:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        return [result for operation in operations for result in self._commit([operation])]

    def _transact(self, operations: list[Operation]) -> list[Any]:
        results: list[Any] = []
        self._writer.execute("BEGIN IMMEDIATE")
        for operation in operations:
            self._writer.execute("SAVEPOINT one")
            try:
                results.append(operation(self._writer))
            except StoreError as refusal:
                self._writer.execute("ROLLBACK TO one")
                results.append(refusal)
            self._writer.execute("RELEASE one")
        self._writer.execute("COMMIT")
        return results


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
    return connection


def _translate(error: sqlite3.Error) -> StoreError:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return InsufficientStorage("The store's disk is full.")
    return Unavailable(f"The store's database does not work: {error}.")

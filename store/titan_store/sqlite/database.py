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
from titan_store.sqlite.memories import Memory

Result = TypeVar("Result")
Operation = Callable[[sqlite3.Connection], Any]
ObserveCommit = Callable[[int, float], None]
"""Told of every group: how many writes, and how many seconds its transaction took."""

DATABASE_FILE = "store.db"
"""Its name in the data directory."""
GROUP_LIMIT = 256
HEAVY_BYTES = 2**16
"""A value from here on is written in a thread."""
PENDING_LIMIT = 4096
WAL_KEPT_BYTES = 2**26
"""The WAL is cut to this after a burst of writes; below it is reused, which saves growing it again."""


@dataclass(frozen=True)
class _Write:
    operation: Operation
    answer: asyncio.Future[Any]
    is_heavy: bool


class Database:
    """Made by ``open``; ``close`` finishes what was accepted."""

    def __init__(self, path: Path, observe: ObserveCommit) -> None:
        self._observe = observe
        self._writer = _connect(path)
        schema.prepare(self._writer)
        self._reader = _connect(path)
        self._scanner = _connect(path)
        self._memory = Memory()
        self._writer_thread = ThreadPoolExecutor(1, "commit")
        self._scanner_thread = ThreadPoolExecutor(1, "scan")
        self._queue: asyncio.Queue[_Write | None] = asyncio.Queue(PENDING_LIMIT)
        self._task = asyncio.get_running_loop().create_task(self._serve(), name="group commit")

    async def write(self, operation: Callable[[sqlite3.Connection], Result], *, is_heavy: bool = False) -> Result:
        """Run the operation in the next transaction; returns when it is durable.

        The operation may run again if a neighbour broke the transaction, so it must depend on the database alone.
        One that ``is_heavy`` (many rows or much data) would hold up the event loop, and gets a thread.
        Raises what it raises, Unavailable, InsufficientStorage.
        """
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Write(operation, answer, is_heavy))
        except asyncio.QueueFull as error:
            raise Unavailable("Too many writes are waiting for the disk.") from error
        return await answer

    async def execute(self, statement: str, parameters: tuple[Any, ...], *, is_heavy: bool = False) -> int:
        """``write`` one statement; returns how many rows changed."""
        return await self.write(
            lambda connection: connection.execute(statement, parameters).rowcount, is_heavy=is_heavy
        )

    def read(self, query: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """A look-up by key, at once and in the event loop: measured, it is cheaper than a change of threads.

        The rows may be somebody else's, too; nobody changes them.
        """
        question = query, parameters
        rows = self._memory.recall(question)
        if rows is None:
            try:
                rows = self._reader.execute(query, parameters).fetchall()
            except sqlite3.Error as error:
                raise _translate(error) from error
            self._memory.keep(question, rows)
        return rows

    def find_fact(self, name: str) -> str | None:
        """What the database remembers under a name."""
        rows = self.read("SELECT content FROM facts WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

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
        started = time.perf_counter()
        self._memory.pause()
        results = await self._commit([write.operation for write in writes], any(write.is_heavy for write in writes))
        self._memory.resume()
        self._observe(len(writes), time.perf_counter() - started)
        for write, result in zip(writes, results, strict=True):
            if write.answer.done():  # The client is gone; what it asked for is stored all the same.
                continue
            if isinstance(result, BaseException):
                write.answer.set_exception(result)
            else:
                write.answer.set_result(result)

    async def _commit(self, operations: list[Operation], is_heavy: bool) -> list[Any]:
        """Results and refusals, in order.

        Statements of light operations run here, in the event loop: in a thread, each would wait for the interpreter's
        lock, and longer than it works. The fsync, which is in COMMIT, has a thread always. If anything goes wrong, the
        transaction is rolled back and its operations are tried again one by one: who can, shall.
        """
        attempt = asyncio.ensure_future(self._transact(operations, is_heavy))
        await asyncio.wait({attempt})
        error = attempt.exception()
        if error is None:
            return attempt.result()
        await self._in_thread(self._roll_back)
        if len(operations) > 1:
            return [result for operation in operations for result in await self._commit([operation], is_heavy)]
        return [_translate(error) if isinstance(error, sqlite3.Error) else error]

    async def _transact(self, operations: list[Operation], is_heavy: bool) -> list[Any]:
        if is_heavy:
            results = await self._in_thread(lambda: _perform(self._writer, operations))
        else:
            results = _perform(self._writer, operations)
        await self._in_thread(lambda: self._writer.execute("COMMIT").fetchall())
        return results

    async def _in_thread(self, work: Callable[[], list[Any]]) -> list[Any]:
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, work)

    def _roll_back(self) -> list[Any]:
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")
        return []


def _perform(connection: sqlite3.Connection, operations: list[Operation]) -> list[Any]:
    """Begin a transaction and do everything in it. Without savepoints at first: refusals are rare, they are not cheap."""
    connection.execute("BEGIN IMMEDIATE")
    if len(operations) == 1:
        return [operations[0](connection)]
    try:
        return [operation(connection) for operation in operations]
    except StoreError:
        connection.execute("ROLLBACK")
    connection.execute("BEGIN IMMEDIATE")
    return [_perform_apart(connection, operation) for operation in operations]


def _perform_apart(connection: sqlite3.Connection, operation: Operation) -> Any:
    connection.execute("SAVEPOINT one")
    try:
        result = operation(connection)
    except StoreError as refusal:
        connection.execute("ROLLBACK TO one")
        result = refusal
    connection.execute("RELEASE one")
    return result


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

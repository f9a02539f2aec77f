"""What an application opens at its start and closes at its end, in an order that loses nothing.

Opened: directory, database, gate, sweeper. Closed in reverse: the database is the last to go, after the writes that it
has accepted are committed.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress

from aiohttp import web

from titan_store import keys
from titan_store.auth.gate import Gate
from titan_store.auth.identities import Reviewer
from titan_store.directory.durable import lock_directory, make_root, sync_directory
from titan_store.directory.logs import DirectoryLogs
from titan_store.directory.objects import DirectoryBytes
from titan_store.directory.threads import DiskThreads
from titan_store.sqlite.database import Database
from titan_store.sqlite.files import SQLiteFiles
from titan_store.sqlite.logs import SQLiteLogIndex
from titan_store.sqlite.outcomes import SQLiteOutcomes
from titan_store.sqlite.sets import SQLiteSets
from titan_store.sqlite.values import SQLiteValues
from titan_store.sweeps import sweep_for_ever

DATABASE_FILE = "store.db"

Context = Callable[[web.Application], AsyncIterator[None]]
OpenReviewer = Callable[[], AbstractAsyncContextManager[Reviewer]]


async def keep_storage(app: web.Application) -> AsyncIterator[None]:
    """Directory and database. Raises Unavailable, OSError when they cannot be used."""
    root = app[keys.SETTINGS].data_directory
    make_root(root)
    lock = lock_directory(root)
    threads = DiskThreads()
    store = DirectoryBytes(root, threads, app[keys.SPACE])
    store.prepare()
    database = Database(root / DATABASE_FILE, app[keys.METRICS].observe_commit)
    sync_directory(root)  # SQLite makes its journal's name durable, and leaves that of a new database to us.
    app[keys.BYTES] = store
    app[keys.VALUES] = SQLiteValues(database)
    app[keys.SETS] = SQLiteSets(database)
    app[keys.FILES] = SQLiteFiles(database)
    app[keys.OUTCOMES] = SQLiteOutcomes(database)
    app[keys.LOGS] = DirectoryLogs(root, threads, SQLiteLogIndex(database))
    yield
    await database.close()
    threads.close()
    os.close(lock)


def keep_gate(open_reviewer: OpenReviewer) -> Context:
    """The connection to the API server."""

    async def keep(app: web.Application) -> AsyncIterator[None]:
        async with open_reviewer() as reviewer:
            app[keys.GATE] = Gate(reviewer, app[keys.SETTINGS].anonymous_namespace, time.monotonic)
            yield

    return keep


async def keep_sweeper(app: web.Application) -> AsyncIterator[None]:
    """The task that removes what has expired."""
    task = asyncio.create_task(sweep_for_ever(app), name="sweep")
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

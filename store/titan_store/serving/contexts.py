"""What an application opens at its start and closes at its end, in an order that loses nothing.

Opened: directory, database, gate, sweeper. Closed in reverse: the database is the last to go, after the writes that it
has accepted are committed.
"""

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from aiohttp import web

from titan_store.api import keys
from titan_store.api.outcome_stream import STREAM
from titan_store.auth.gate import Gate
from titan_store.auth.identities import Reviewer
from titan_store.auth.visibility import Visibility
from titan_store.cluster.edges import OpenCluster
from titan_store.cluster.shared_watches import SharedWatches
from titan_store.directory.durable import check_whole, lock_directory, make_root, sync_directory
from titan_store.directory.logs import DirectoryLogs
from titan_store.directory.objects import DIRECTORY_PLACE, DirectoryBytes
from titan_store.directory.staging import Staging
from titan_store.directory.threads import DiskThreads
from titan_store.errors import Unavailable
from titan_store.gates.webhooks import Records, telling
from titan_store.keeping.backends import Bytes
from titan_store.keeping.shelves import Shelf
from titan_store.keeping.tasks import running
from titan_store.s3.archives import ArchivingLogs, archive_for_ever
from titan_store.serving.retention import Swept
from titan_store.serving.sweeps import sweep_for_ever
from titan_store.sessions.cookies import cookie_name
from titan_store.sessions.sessions import Sessions
from titan_store.settings import Settings
from titan_store.sqlite.blobs import SQLiteBlobs
from titan_store.sqlite.database import DATABASE_FILE, Database
from titan_store.sqlite.deliveries import SQLiteDeliveries
from titan_store.sqlite.files import SQLiteFiles
from titan_store.sqlite.limits import file_limits, value_limits
from titan_store.sqlite.logs import SQLiteLogIndex
from titan_store.sqlite.namespaces import SQLiteNamespaces
from titan_store.sqlite.outcomes import SQLiteOutcomes
from titan_store.sqlite.sessions import SQLiteSessions
from titan_store.sqlite.sets import SQLiteSets
from titan_store.sqlite.values import SQLiteValues
from titan_store.sqlite.workspaces import SQLiteWorkspaces
from titan_store.views.following import Views

CHANGES = "changes"
"""Key of the pulse that wakes viewers at each change."""

Context = Callable[[web.Application], AsyncIterator[None]]
OpenReviewer = Callable[[], AbstractAsyncContextManager[Reviewer]]


async def keep_storage(app: web.Application) -> AsyncIterator[None]:
    """Directory, bucket and database. Raises Unavailable, OSError when they cannot be used."""
    settings: Settings = app[keys.SETTINGS]
    root = settings.data_directory
    make_root(root)
    lock = lock_directory(root)
    check_whole(root)
    threads = DiskThreads()
    staging = Staging(root, threads, app[keys.SPACE])
    staging.prepare()
    database = Database(root / DATABASE_FILE, app[keys.METRICS].observe_commit)
    sync_directory(root)  # SQLite makes its journal's name durable, and leaves that of a new database to us.
    await _remember_place(database, settings)
    values, files = value_limits(settings.quotas), file_limits(settings.quotas)
    app[keys.VALUES] = SQLiteValues(database, values)
    app[keys.SETS] = SQLiteSets(database, values)
    app[keys.FILES] = SQLiteFiles(database, files)
    app[keys.NAMESPACES] = SQLiteNamespaces(database)
    app[keys.OUTCOMES] = SQLiteOutcomes(database)
    app[keys.WORKSPACES] = SQLiteWorkspaces(database)
    app[keys.BYTES] = _open_bytes(settings, root, threads, staging)
    app[keys.SHELF] = Shelf(SQLiteBlobs(database, files), app[keys.BYTES])
    app[keys.DELIVERIES] = SQLiteDeliveries(database)
    app[keys.SESSIONS] = Sessions(SQLiteSessions(database))
    app[keys.COOKIE_NAME] = cookie_name(await app[keys.OUTCOMES].store_id())
    local = DirectoryLogs(root, threads, SQLiteLogIndex(database))
    async with _keep_logs(app, local):
        yield
    await database.close()
    threads.close()
    os.close(lock)


def _open_bytes(settings: Settings, root: Path, threads: DiskThreads, staging: Staging) -> Bytes:
    if settings.s3 is None:
        return DirectoryBytes(root, threads, staging)
    # Only here: the client takes longer to load than all the rest of the store.
    from titan_store.s3.buckets import Bucket
    from titan_store.s3.objects import S3Bytes

    return S3Bytes(Bucket(settings.s3), threads, staging)


@asynccontextmanager
async def _keep_logs(app: web.Application, local: DirectoryLogs) -> AsyncIterator[None]:
    """Logs stay where they grew, or, with a bucket, move there when they have ended."""
    app[keys.LOGS] = local
    if app[keys.SETTINGS].s3 is None:
        yield
        return
    app[keys.LOGS] = logs = ArchivingLogs(local, app[keys.BYTES])
    async with running(archive_for_ever(logs, app[keys.PULSES].of(STREAM)), "archive"):
        yield


async def _remember_place(database: Database, settings: Settings) -> None:
    """A directory whose bytes are in a bucket is of no use without it, and must not be started so by mistake."""
    place = settings.s3.location if settings.s3 else DIRECTORY_PLACE
    known = database.find_fact("place") or DIRECTORY_PLACE
    has_bytes = bool(database.read("SELECT 1 FROM files UNION ALL SELECT 1 FROM blobs LIMIT 1", ()))
    if known != place and has_bytes:
        await database.close()
        raise Unavailable(f"The bytes of {settings.data_directory} are in {known}, not in {place}.")
    if known != place:
        await database.execute("REPLACE INTO facts VALUES ('place', ?)", (place,))


def keep_gate(open_reviewer: OpenReviewer) -> Context:
    """The connection to the API server."""

    async def keep(app: web.Application) -> AsyncIterator[None]:
        async with open_reviewer() as reviewer:
            app[keys.GATE] = Gate(reviewer, app[keys.SETTINGS].anonymous_namespace, time.monotonic)
            yield

    return keep


def keep_cluster(open_cluster: OpenCluster | None) -> Context:
    """The cluster's own objects: namespaces, jobs, gates."""

    async def keep(app: web.Application) -> AsyncIterator[None]:
        if open_cluster is None:
            app[keys.CLUSTER] = app[keys.WATCHES] = None
            yield
            return
        async with open_cluster() as cluster:
            app[keys.CLUSTER], app[keys.WATCHES] = cluster, SharedWatches(cluster.follow)
            yield

    return keep


async def keep_views(app: web.Application) -> AsyncIterator[None]:
    """What people look at; nothing is watched before somebody does."""
    settings, watches = app[keys.SETTINGS], app[keys.WATCHES]
    follow = watches.follow if watches is not None else None
    app[keys.VIEWS] = views = Views(follow, app[keys.PULSES].of(CHANGES), settings.idle_views_seconds)
    app[keys.VISIBILITY] = Visibility(app[keys.GATE], views.populated)
    yield
    await views.close()


async def keep_webhooks(app: web.Application) -> AsyncIterator[None]:
    """The tasks that tell webhooks of gates, if there are webhooks and a cluster."""
    settings, watches = app[keys.SETTINGS], app[keys.WATCHES]
    if not settings.webhooks or watches is None:
        yield
        return
    scheme = "https" if settings.certificate else "http"
    url = settings.public_url or f"{scheme}://{settings.host}:{settings.port}"
    records = Records(app[keys.DELIVERIES], app[keys.CLOCK], app[keys.METRICS].count_webhook)
    async with telling(settings.webhooks, watches.follow, url, records):
        yield


async def keep_sweeper(app: web.Application) -> AsyncIterator[None]:
    """The task that removes what has expired."""
    async with running(sweep_for_ever(swept(app), app[keys.SETTINGS].sweep_seconds, app[keys.CLOCK]), "sweep"):
        yield


def swept(app: web.Application) -> Swept:
    """All that the sweep needs of a running application."""
    return Swept(
        cluster=app[keys.CLUSTER],
        retention=app[keys.SETTINGS].retention,
        sessions=app[keys.SESSIONS],
        values=app[keys.VALUES],
        files=app[keys.FILES],
        shelf=app[keys.SHELF],
        bytes=app[keys.BYTES],
        logs=app[keys.LOGS],
        outcomes=app[keys.OUTCOMES],
        namespaces=app[keys.NAMESPACES],
    )

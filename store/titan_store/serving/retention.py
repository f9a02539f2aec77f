"""What nobody can need any more: blobs that no living job mentions, and the data of namespaces that are gone.

A blob stays for a day after its last use, then for as long as a TitanJob of its namespace mentions it: by its digest,
or by the uid of a job whose outcome mentions it, or whose outcome's parents' outcomes do, and so on. Both kinds of
mention are looked for in the text of the objects, so a new field can never be forgotten here. If the API server cannot
be asked, nothing is removed.
"""

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from titan_store.cluster.edges import Cluster
from titan_store.keeping.backends import Bytes, Files, Logs, Outcomes, Values
from titan_store.keeping.shelves import Shelf
from titan_store.sessions.sessions import Sessions
from titan_store.sqlite.namespaces import SQLiteNamespaces

BLOB_AGE = timedelta(days=1)
"""A blob that was used since then is kept, whatever the cluster says."""
VANISHED_AGE = timedelta(days=1)
"""How long after the store first missed a namespace its data is removed; until then a mistake can be undone."""
PAGE = 200

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Swept:
    """What is swept, and what decides how long it stays."""

    cluster: Cluster | None
    retention: timedelta
    """Of logs and outcomes."""
    sessions: Sessions
    values: Values
    files: Files
    shelf: Shelf
    bytes: Bytes
    logs: Logs
    outcomes: Outcomes
    namespaces: SQLiteNamespaces


async def remove_unneeded(store: Swept, now: datetime) -> None:
    """One round over all namespaces. Raises Unavailable."""
    cluster = store.cluster
    if cluster is None:
        await _remove_by_age(store, now)
        return
    names = await cluster.namespaces()
    for uid in await store.namespaces.known():
        if uid in names:
            await _remove_blobs(store, cluster, uid, names[uid], now - BLOB_AGE)
    for uid, since in (await store.namespaces.missing_since(frozenset(names), now)).items():
        if since <= now - VANISHED_AGE:
            await _remove_namespace(store, uid, now)


async def _remove_by_age(store: Swept, now: datetime) -> None:
    """Without a cluster nobody knows who needs a blob: the retention of logs serves for all."""
    before = now - store.retention
    for uid in await store.namespaces.known():
        for digest in await _list_unused(store, uid, before):
            await store.shelf.remove(uid, digest, before)


async def _remove_blobs(store: Swept, cluster: Cluster, uid: str, name: str, before: datetime) -> None:
    unused = await _list_unused(store, uid, before)
    if not unused:
        return
    needed = await find_needed(store, cluster, uid, name)
    removed = [digest for digest in unused if digest not in needed]
    for digest in removed:
        await store.shelf.remove(uid, digest, before)
    log.info("removed %s blobs of namespace %s that no job mentions", len(removed), name)


async def _list_unused(store: Swept, uid: str, before: datetime) -> list[str]:
    found: list[str] = []
    while page := await store.shelf.index.unused(uid, before, found[-1] if found else "", PAGE):
        found += page
    return found


async def find_needed(store: Swept, cluster: Cluster, uid: str, name: str) -> set[str]:
    """Digests, in hexadecimal, that the living jobs of a namespace lead to."""
    digests: set[str] = set()
    seen: set[str] = set()
    frontier: set[str] = set()

    def mention(text: str) -> None:
        digests.update(_DIGEST.findall(text))
        frontier.update(_UID.findall(text))

    async for text in cluster.jobs(name):
        await asyncio.to_thread(mention, text)
    while frontier := frontier - seen:
        seen |= frontier
        outcomes = await store.outcomes.of_jobs(uid, sorted(frontier))
        for text in outcomes:
            mention(text)
    return digests


async def _remove_namespace(store: Swept, uid: str, now: datetime) -> None:
    """Outcomes stay until their retention is over: their sequence must have no hole."""
    namespaces, logs = store.namespaces, store.logs
    for digest in await _list_unused(store, uid, now):
        await store.shelf.remove(uid, digest, now)
    while old := await logs.index.of_namespace(uid, now, PAGE):
        for key in old:
            await logs.remove(key, now)
    while free := await namespaces.remove_rows(uid):
        for object_key in free:
            await store.bytes.delete(object_key)
    log.info("removed the data of namespace %s, which is gone", uid)

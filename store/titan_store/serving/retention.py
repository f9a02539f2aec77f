"""What nobody can need any more: blobs that no living job mentions, and the data of namespaces that are gone.

A blob stays for a day after its last use, then for as long as a TitanJob of its namespace mentions it: by its digest,
or by the uid of a job whose outcome mentions it, or whose outcome's parents' outcomes do, and so on. Both kinds of
mention are looked for in the text of the objects, so a new field can never be forgotten here. If the API server cannot
be asked, nothing is removed.
"""

import asyncio
import logging
import re
from datetime import datetime, timedelta

from aiohttp import web

from titan_store.api import keys
from titan_store.cluster.edges import Cluster

BLOB_AGE = timedelta(days=1)
"""A blob that was used since then is kept, whatever the cluster says."""
VANISHED_AGE = timedelta(days=1)
"""The data of a namespace is removed so long after the store first missed it: a mistake can be mended until then."""
PAGE = 200

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

log = logging.getLogger(__name__)


async def remove_unneeded(app: web.Application, now: datetime) -> None:
    """One round over all namespaces. Raises Unavailable."""
    cluster = app[keys.CLUSTER]
    if cluster is None:
        await _remove_by_age(app, now)
        return
    names = await cluster.namespaces()
    for uid in await app[keys.NAMESPACES].known():
        if uid in names:
            await _remove_blobs(app, cluster, uid, names[uid], now - BLOB_AGE)
    for uid, since in (await app[keys.NAMESPACES].missing_since(frozenset(names), now)).items():
        if since <= now - VANISHED_AGE:
            await _remove_namespace(app, uid, now)


async def _remove_by_age(app: web.Application, now: datetime) -> None:
    """Without a cluster nobody knows who needs a blob: the retention of logs serves for all."""
    before = now - app[keys.SETTINGS].retention
    for uid in await app[keys.NAMESPACES].known():
        for digest in await _list_unused(app, uid, before):
            await app[keys.SHELF].remove(uid, digest, before)


async def _remove_blobs(app: web.Application, cluster: Cluster, uid: str, name: str, before: datetime) -> None:
    unused = await _list_unused(app, uid, before)
    if not unused:
        return
    needed = await find_needed(app, cluster, uid, name)
    removed = [digest for digest in unused if digest not in needed]
    for digest in removed:
        await app[keys.SHELF].remove(uid, digest, before)
    log.info("removed %s blobs of namespace %s that no job mentions", len(removed), name)


async def _list_unused(app: web.Application, uid: str, before: datetime) -> list[str]:
    found: list[str] = []
    while page := await app[keys.SHELF].index.unused(uid, before, found[-1] if found else "", PAGE):
        found += page
    return found


async def find_needed(app: web.Application, cluster: Cluster, uid: str, name: str) -> set[str]:
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
        outcomes = await app[keys.OUTCOMES].of_jobs(uid, sorted(frontier))
        for text in outcomes:
            mention(text)
    return digests


async def _remove_namespace(app: web.Application, uid: str, now: datetime) -> None:
    """Outcomes stay until their retention is over: their sequence must have no hole."""
    namespaces, logs = app[keys.NAMESPACES], app[keys.LOGS]
    for digest in await _list_unused(app, uid, now):
        await app[keys.SHELF].remove(uid, digest, now)
    while old := await logs.index.of_namespace(uid, now, PAGE):
        for key in old:
            await logs.remove(key, now)
    while free := await namespaces.remove_rows(uid):
        for object_key in free:
            await app[keys.BYTES].delete(object_key)
    log.info("removed the data of namespace %s, which is gone", uid)

"""Removing what nobody can see or need any more: expired values, old logs and outcomes, bytes without a name."""

import asyncio
import logging
import random
from datetime import datetime, timedelta

from aiohttp import web

from titan_store.api import keys
from titan_store.directory.objects import FILES_DIRECTORY
from titan_store.errors import StoreError
from titan_store.keeping import shelves
from titan_store.serving.retention import remove_unneeded

ORPHAN_AGE = timedelta(hours=1)
"""An object that no file needs is removed after so long; a younger one may be on its way into the index."""
ORPHAN_PERIOD = timedelta(hours=1)
PAGE = 200

log = logging.getLogger(__name__)


async def sweep_for_ever(app: web.Application) -> None:
    """Sweep now and then until cancelled; what fails is tried again next time."""
    period, last_orphans = app[keys.SETTINGS].sweep_seconds, None
    while True:
        await asyncio.sleep(period * random.uniform(0.8, 1.2))
        now = app[keys.CLOCK]()
        try:
            await sweep(app, now)
            if last_orphans is None or now - last_orphans >= ORPHAN_PERIOD:
                await remove_orphans(app, now)
                await remove_unneeded(app, now)
                last_orphans = now
        except StoreError as error:
            log.warning("the sweep ended early: %s", error.message)


async def sweep(app: web.Application, now: datetime) -> None:
    """Expired values and sessions, and logs and outcomes beyond their retention."""
    while await app[keys.VALUES].remove_expired(now):
        continue
    await app[keys.SESSIONS].remove_expired(now)
    before = now - app[keys.SETTINGS].retention
    logs = app[keys.LOGS]
    while old := await logs.index.old(before, PAGE):
        for key in old:
            await logs.remove(key, before)
    while await app[keys.OUTCOMES].forget(before):
        continue


async def remove_orphans(app: web.Application, now: datetime) -> None:
    """Bytes that a kill has left without an owner: of files replaced, deleted or never named, and of removed logs."""
    await app[keys.LOGS].remove_orphans(now - ORPHAN_AGE)
    store = app[keys.BYTES]
    found = await store.leftovers(FILES_DIRECTORY, now - ORPHAN_AGE)
    for start in range(0, len(found), PAGE):
        page = found[start : start + PAGE]
        used = await app[keys.FILES].keep_used(page)
        for object_key in page:
            if object_key not in used:
                await store.delete(object_key)
    for object_key in await store.leftovers(shelves.DIRECTORY, now - ORPHAN_AGE):
        await app[keys.SHELF].remove_orphan(object_key)

"""Removes what nobody can see or need any more: expired values, old logs and outcomes, bytes without a name."""

import asyncio
import logging
import random
from datetime import datetime, timedelta

from titan_store.directory.objects import FILES_DIRECTORY
from titan_store.errors import StoreError
from titan_store.keeping import shelves
from titan_store.serving.retention import Swept, remove_unneeded
from titan_store.times import Clock

ORPHAN_AGE = timedelta(hours=1)
"""How old an object without a file must be to be removed; a younger one may be on its way into the index."""
ORPHAN_PERIOD = timedelta(hours=1)
PAGE = 200

log = logging.getLogger(__name__)


async def sweep_for_ever(store: Swept, period: float, clock: Clock) -> None:
    """Sweep now and then until cancelled; what fails is tried again next time."""
    last_orphans = None
    while True:
        await asyncio.sleep(period * random.uniform(0.8, 1.2))
        now = clock()
        try:
            await sweep(store, now)
            if last_orphans is None or now - last_orphans >= ORPHAN_PERIOD:
                await remove_orphans(store, now)
                await remove_unneeded(store, now)
                last_orphans = now
        except StoreError as error:
            log.warning("the sweep ended early: %s", error.message)


async def sweep(store: Swept, now: datetime) -> None:
    """Expired values and sessions, and logs and outcomes beyond their retention."""
    while await store.values.remove_expired(now):
        continue
    await store.sessions.remove_expired(now)
    before = now - store.retention
    logs = store.logs
    while old := await logs.index.old(before, PAGE):
        for key in old:
            await logs.remove(key, before)
    while await store.outcomes.forget(before):
        continue


async def remove_orphans(store: Swept, now: datetime) -> None:
    """Bytes that a kill has left without an owner: of files replaced, deleted or never named, and of removed logs."""
    await store.logs.remove_orphans(now - ORPHAN_AGE)
    found = await store.bytes.leftovers(FILES_DIRECTORY, now - ORPHAN_AGE)
    for start in range(0, len(found), PAGE):
        page = found[start : start + PAGE]
        used = await store.files.keep_used(page)
        for object_key in page:
            if object_key not in used:
                await store.bytes.delete(object_key)
    for object_key in await store.bytes.leftovers(shelves.DIRECTORY, now - ORPHAN_AGE):
        await store.shelf.remove_orphan(object_key)

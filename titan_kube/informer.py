"""A collection followed for ever, whatever happens to the server: what exists, what changes, and what vanished."""

import asyncio
import logging
from collections.abc import Callable

from titan_api.json_types import Json
from titan_kube.backoff import Backoff
from titan_kube.client import Client
from titan_kube.errors import APIError
from titan_kube.follow import Batch, News, follow

Handler = Callable[[str, Json], None]
"""Told ADDED, MODIFIED or DELETED, and the object."""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 1.0
"""Between two tries to reach a server that is away."""

log = logging.getLogger(__name__)


async def inform(client: Client, path: str, handle: Handler, *, synced: asyncio.Event | None = None) -> None:
    """For ever. After a gap what exists comes as ADDED, what vanished meanwhile as DELETED. ``synced``: listed once."""
    known: dict[str, Json] = {}
    backoff = Backoff(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
    while True:
        listed: dict[str, Json] = {}
        try:
            async for batch in follow(client, path):
                if batch.news is News.LISTED:
                    listed |= {obj["metadata"]["uid"]: obj for obj in batch.items}
                elif batch.news is News.COMPLETE:
                    _compare(known, listed, handle)
                    backoff.reset()
                    if synced is not None:
                        synced.set()
                else:
                    _change(known, batch, handle)
        except APIError as error:
            log.info("%s is listed anew: %s", path, error)
        await asyncio.sleep(backoff.next())


def _compare(known: dict[str, Json], listed: dict[str, Json], handle: Handler) -> None:
    for uid in known.keys() - listed.keys():
        handle("DELETED", known.pop(uid))
    for uid, obj in listed.items():
        known[uid] = obj
        handle("ADDED", obj)


def _change(known: dict[str, Json], batch: Batch, handle: Handler) -> None:
    for obj in batch.items:
        uid = obj["metadata"]["uid"]
        if batch.news is News.GONE:
            known.pop(uid, None)
            handle("DELETED", obj)
        else:
            handle("MODIFIED" if uid in known else "ADDED", obj)
            known[uid] = obj

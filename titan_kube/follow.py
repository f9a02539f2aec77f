"""List, then watch: how a service hears of every object of a collection, and of each change of one.

A watch that the server ends in good order, or that is silent for too long, goes on from where it was. Any other end is
an error, and whoever follows begins anew, with a list: ``informer`` does so for ever.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from enum import Enum
from typing import NamedTuple

from titan_api.json_types import Json
from titan_kube.client import PAGE, Client, Page, Query
from titan_kube.errors import Unavailable, from_answer

WATCH_SECONDS = 240
SILENCE_SECONDS = 90.0
"""A watch without even a bookmark for so long is taken for dead: servers send one each minute."""
SHORTEST_SECONDS = 1.0
"""A watch that ends sooner and has told nothing is broken: another one at once would end like it."""
LONGEST_REST, SHORTEST_REST = 30.0, 0.1
"""So long a server that asks for it is left alone, in all; then it counts as away."""

log = logging.getLogger(__name__)


class News(Enum):
    """What a batch says about its objects."""

    LISTED = "Listed"
    """These are there: a page of the list with which it begins."""
    COMPLETE = "Complete"
    """The list has ended: what it did not name is not there."""
    CHANGED = "Changed"
    """These are there now, and like this."""
    GONE = "Gone"
    """These are gone."""


class Batch(NamedTuple):
    """Some objects, and what is told of them."""

    news: News
    items: list[Json]


async def follow(
    client: Client,
    path: str,
    query: Query | None = None,
    *,
    page_size: int = PAGE,
    silence_seconds: float = SILENCE_SECONDS,
) -> AsyncIterator[Batch]:
    """One list in pages, then its changes. Ends with an APIError: Expired if the list is to be made anew at once."""
    rests = _Rests(path)
    try:
        version, continuation = "", ""
        while not version or continuation:
            page = await _list(client, path, query, page_size, continuation, rests)
            # The first page's version holds for all of them: what is newer may be missing on later pages.
            version, continuation = version or page.version, page.continuation
            yield Batch(News.LISTED, page.items)
        yield Batch(News.COMPLETE, [])
        async for batch in _watch(client, path, query, version, silence_seconds, rests):
            yield batch
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unavailable(f"what the API server tells of {path} makes no sense: {error!r}") from error


async def _list(client: Client, path: str, query: Query | None, limit: int, continuation: str, rests: "_Rests") -> Page:
    while True:
        try:
            page = await client.page(path, query, limit=limit, continuation=continuation)
        except Unavailable as error:
            await rests.take(error)
        else:
            if not page.version:
                raise KeyError("resourceVersion")
            return page


async def _watch(
    client: Client, path: str, query: Query | None, version: str, silence_seconds: float, rests: "_Rests"
) -> AsyncIterator[Batch]:
    loop = asyncio.get_running_loop()
    options = {"watch": "true", "allowWatchBookmarks": "true", "timeoutSeconds": str(WATCH_SECONDS)}
    while True:
        begun, asked_from = loop.time(), version
        try:
            asked = {**(query or {}), **options, "resourceVersion": version}
            async for line in client.lines(path, asked, silence_seconds):
                rests.reset()
                event = json.loads(line)
                kind, obj = event["type"], event["object"]
                if kind == "ERROR":
                    code, reason = int(obj.get("code") or 500), str(obj.get("reason") or "")
                    raise from_answer(f"GET {path}", code, reason, str(obj.get("message") or "the watch failed"))
                version = obj["metadata"]["resourceVersion"]
                if kind != "BOOKMARK":
                    yield Batch(News.GONE if kind == "DELETED" else News.CHANGED, [obj])
        except Unavailable as error:
            await rests.take(error)
            continue
        if version == asked_from and loop.time() - begun < SHORTEST_SECONDS:
            raise Unavailable("the watch ended as soon as it had begun", request=f"GET {path}")


class _Rests:
    """Leaves a server alone that answers 429 or 503 and says for how long."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = LONGEST_REST

    def reset(self) -> None:
        """The server has answered."""
        self._left = LONGEST_REST

    async def take(self, error: Unavailable) -> None:
        """Wait as long as the server wishes. Raises the error if it has no wish, or too big a one."""
        if error.retry_after is None or error.retry_after > self._left:
            raise error
        seconds = max(error.retry_after, SHORTEST_REST)
        self._left -= seconds
        log.info("%s is asked for again in %.1f s, as the API server wishes", self._path, seconds)
        await asyncio.sleep(seconds)

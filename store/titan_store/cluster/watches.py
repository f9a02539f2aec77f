"""List, then watch: how the store hears of every object of a kind, and of each change of one.

A watch that the API server ends in good order goes on from where it was; any other end is Unavailable, and whoever
follows begins anew, with a list.
"""

import asyncio
import json
from collections.abc import AsyncIterator

from titan_api import names
from titan_store.auth.clients import ApiClient, Json
from titan_store.cluster.edges import Batch, News
from titan_store.errors import Unavailable

PAGE = 500
WATCH_SECONDS = 240
SILENCE_SECONDS = 300.0
SHORTEST_SECONDS = 1.0
"""A watch that ends sooner and has told nothing is broken: another one at once would end like it."""
GROUP = f"/apis/{names.API_VERSION}"

_REASONS = {
    401: "its own credentials are not accepted",
    403: "its role must let it list and watch them in all namespaces",
    404: "the API server does not know them; Titan's definitions are not installed",
}


async def follow(client: ApiClient, plural: str) -> AsyncIterator[Batch]:
    """See ``edges.Cluster``. Raises Unavailable with a sentence for people."""
    path = f"{'/api/v1' if plural == 'nodes' else GROUP}/{plural}"
    try:
        async for batch in _follow(client, path, plural):
            yield batch
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"What the API server says about {plural} makes no sense: {error!r}.") from error


async def _follow(client: ApiClient, path: str, plural: str) -> AsyncIterator[Batch]:
    following = ""
    while True:
        page = await _list(client, path, plural, following)
        yield Batch(News.LISTED, page["items"])
        version, following = page["metadata"]["resourceVersion"], str(page["metadata"].get("continue") or "")
        if not following:
            break
    yield Batch(News.COMPLETE, [])
    loop = asyncio.get_running_loop()
    while True:
        begun, asked_from = loop.time(), version
        query = {
            "watch": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(WATCH_SECONDS),
            "allowWatchBookmarks": "true",
        }
        async for line in client.lines(path, query, SILENCE_SECONDS):
            event = json.loads(line)
            if event["type"] == "ERROR":
                raise Unavailable(f"The watch of {plural} ended: {event['object'].get('message')}.")
            version = event["object"]["metadata"]["resourceVersion"]
            if event["type"] != "BOOKMARK":
                yield Batch(News.GONE if event["type"] == "DELETED" else News.CHANGED, [event["object"]])
        if version == asked_from and loop.time() - begun < SHORTEST_SECONDS:
            raise Unavailable(f"The watch of {plural} ended as soon as it had begun.")


async def _list(client: ApiClient, path: str, plural: str, following: str) -> Json:
    query = {"limit": str(PAGE)} | ({"continue": following} if following else {})
    code, answer = await client.request("GET", path, query=query)
    if code != 200:
        reason = _REASONS.get(code, f"the API server answered {code}: {answer.get('message')}")
        raise Unavailable(f"The store cannot see the cluster's {plural}: {reason}.")
    return answer

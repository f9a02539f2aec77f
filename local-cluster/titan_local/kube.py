"""A small asynchronous gateway to the API server for the embedded cluster's own components: raw JSON, one pooled
session, and a list-and-watch that survives whatever happens to the server."""

import asyncio
import json
import logging
import os
import random
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp

from titan_local.kubeconfigs import read_kubeconfig

Json = dict[str, Any]
Handler = Callable[[str, Json], None]

log = logging.getLogger(__name__)

REQUEST_SECONDS = 10.0
SILENCE_SECONDS = 90.0
"""A watch without even a bookmark for so long is taken for dead."""
LONGEST_PAUSE = 1.0
"""Between two tries to reach a server that is away."""
MERGE_PATCH = "application/merge-patch+json"


class KubeError(Exception):
    """The API server refused; ``code`` is the HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Kube:
    """Use as an async context manager."""

    def __init__(self, kubeconfig: Path | None = None) -> None:
        access = read_kubeconfig(kubeconfig or Path(os.environ["KUBECONFIG"]))
        self.server = access.server
        self.authority = access.authority
        self._headers = {"Authorization": f"Bearer {access.token}"}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Kube":
        context = ssl.create_default_context(cadata=self.authority)
        connector = aiohttp.TCPConnector(ssl=context, limit=64)
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        self._session = aiohttp.ClientSession(connector=connector, headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def request(
        self, method: str, path: str, body: Json | None = None, *, content_type: str = "application/json"
    ) -> Json:
        """One request. Raises KubeError for a refusal, aiohttp.ClientError or TimeoutError for an outage."""
        assert self._session is not None
        data = json.dumps(body) if body is not None else None
        headers = {"Content-Type": content_type} if body is not None else {}
        async with self._session.request(method, self.server + path, data=data, headers=headers) as answer:
            content: Json = await answer.json()
            if answer.status >= 300:
                raise KubeError(answer.status, str(content.get("message", content)))
            return content

    async def get(self, path: str) -> Json:
        """One object or list."""
        return await self.request("GET", path)

    async def post(self, path: str, body: Json) -> Json:
        """Create."""
        return await self.request("POST", path, body)

    async def patch(self, path: str, body: Json) -> Json:
        """JSON merge patch."""
        return await self.request("PATCH", path, body, content_type=MERGE_PATCH)

    async def delete(self, path: str, body: Json | None = None) -> Json:
        """Delete."""
        return await self.request("DELETE", path, body)

    async def follow(self, path: str, handle: Handler, *, synced: asyncio.Event | None = None) -> None:
        """Call ``handle`` with (ADDED | MODIFIED | DELETED, object) for ever.

        After a gap the collection is listed again: what exists comes as ADDED, what vanished meanwhile as DELETED.
        """
        known: dict[str, Json] = {}
        pause = 0.1
        while True:
            try:
                version = await self._relist(path, handle, known)
                if synced is not None:
                    synced.set()
                pause = 0.1
                while version:
                    version = await self._watch(path, version, handle, known)
            except (aiohttp.ClientError, TimeoutError, KubeError, json.JSONDecodeError) as error:
                log.info("watch of %s ended: %r", path, error)
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _relist(self, path: str, handle: Handler, known: dict[str, Json]) -> str:
        listed = await self.get(path)
        found = {obj["metadata"]["uid"]: obj for obj in listed["items"]}
        for uid in [uid for uid in known if uid not in found]:
            handle("DELETED", known.pop(uid))
        for uid, obj in found.items():
            known[uid] = obj
            handle("ADDED", obj)
        return str(listed["metadata"]["resourceVersion"])

    async def _watch(self, path: str, version: str, handle: Handler, known: dict[str, Json]) -> str:
        """Events since a version; returns where to go on, or "" when the past is forgotten."""
        separator = "&" if "?" in path else "?"
        url = f"{self.server}{path}{separator}watch=true&allowWatchBookmarks=true&resourceVersion={version}"
        async for event in self._lines(url):
            obj = event["object"]
            if event["type"] == "ERROR":
                return ""
            version = obj["metadata"]["resourceVersion"]
            if event["type"] == "BOOKMARK":
                continue
            if event["type"] == "DELETED":
                known.pop(obj["metadata"]["uid"], None)
            else:
                known[obj["metadata"]["uid"]] = obj
            handle(event["type"], obj)
        return version

    async def _lines(self, url: str) -> AsyncIterator[Json]:
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=REQUEST_SECONDS, sock_read=SILENCE_SECONDS)
        async with self._session.get(url, timeout=timeout, read_bufsize=2**22) as answer:
            if answer.status >= 300:
                raise KubeError(answer.status, await answer.text())
            async for line in answer.content:
                yield json.loads(line)

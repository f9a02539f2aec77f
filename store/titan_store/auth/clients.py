"""Raw JSON to and from the API server over one pooled session."""

import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp

from titan_store.auth.kubeconfigs import Access
from titan_store.errors import Unavailable

Json = dict[str, Any]

REQUEST_SECONDS = 5.0
CONNECTIONS = 64
MERGE_PATCH = "application/merge-patch+json"
EXPIRED = 410
"""A watch asks for changes since a time that the API server has forgotten: nobody's mistake."""
LONGEST_LINE = 2**22
"""Of a watch: one object."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_client(access: Access) -> AsyncIterator["ApiClient"]:
    """A client with its session."""
    context = ssl.create_default_context(cadata=access.authority) if access.authority else True
    connector = aiohttp.TCPConnector(ssl=context, limit=CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, read_bufsize=LONGEST_LINE) as session:
        yield ApiClient(session, access)


class ApiClient:
    """Asks as the store itself, or as somebody who gave it a token."""

    def __init__(self, session: aiohttp.ClientSession, access: Access) -> None:
        self._session = session
        self._access = access

    def acting_as(self, token: str) -> "ApiClient":
        """The same connection with somebody else's token."""
        return ApiClient(self._session, replace(self._access, token=token))

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Json | None:
        """The object; None: there is none. Raises Unavailable."""
        code, answer = await self.request("GET", path, query=query)
        if code == 404:
            return None
        if code != 200:
            raise refused(code, answer, f"GET {path}")
        return answer

    async def request(
        self, method: str, path: str, body: Json | None = None, query: Mapping[str, str] | None = None
    ) -> tuple[int, Json]:
        """Status and body. Raises Unavailable.

        A connection that died while it was idle is replaced once: what the store asks may be asked twice, for reviews
        change nothing and its patches carry the resource version.
        """
        try:
            try:
                return await self._send(method, path, body, query)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                return await self._send(method, path, body, query)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("the API server does not answer %s %s: %r", method, path, error)
            raise Unavailable("The API server does not answer.") from error

    async def _send(
        self, method: str, path: str, body: Json | None, query: Mapping[str, str] | None
    ) -> tuple[int, Json]:
        headers = self._headers()
        if method == "PATCH":
            headers["Content-Type"] = MERGE_PATCH
        url = self._access.server + path
        async with self._session.request(method, url, json=body, headers=headers, params=query) as response:
            answer: Json = await response.json()
            return response.status, answer

    async def lines(self, path: str, query: Mapping[str, str], silence_seconds: float) -> AsyncIterator[bytes]:
        """The lines of a watch until it ends. Raises Unavailable also if it is silent for so long."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=REQUEST_SECONDS, sock_read=silence_seconds)
        url, headers = self._access.server + path, self._headers()
        try:
            async with self._session.get(url, params=query, headers=headers, timeout=timeout) as response:
                if response.status == EXPIRED:
                    raise Unavailable(f"The API server has forgotten since when {path} was watched.")
                if response.status != 200:
                    raise refused(response.status, {"message": await response.text()}, f"GET {path}")
                async for line in response.content:
                    yield line
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unavailable(f"The watch of {path} broke: {error!r}.") from error

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._access.read_token()}"}


def refused(code: int, answer: Json, what: str) -> Unavailable:
    """The API server is there and does not let the store ask: somebody must mend the store's own rights.

    Its own words are for the log, because whoever calls may be nobody yet.
    """
    log.error("the API server answered %s to %s: %s", code, what, answer.get("message"))
    return Unavailable(f"The API server answered {code} to the store's {what}.")

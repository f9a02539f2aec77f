"""Raw JSON to and from an API server over one pooled session.

The model classes of client libraries stay out: they cost more than the requests.
"""

import asyncio
import copy
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.hdrs import AUTHORIZATION
from yarl import URL

from titan_api.json_types import Json
from titan_kube.credentials import Credentials
from titan_kube.errors import ConfigurationError, Unavailable, from_answer

Body = Mapping[str, Any]
Query = Mapping[str, str]
Observe = Callable[[str, str, int, float], None]
"""Told of each request: method, path, code (0: no answer), seconds."""

MERGE_PATCH = "application/merge-patch+json"
CONNECT_SECONDS = 3.0
PAGE = 500
LONGEST_LINE = 2**22
"""Of a watch: one object."""
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError, ConfigurationError)


@dataclass(frozen=True)
class Page:
    """A part of a list."""

    items: list[Json]
    version: str
    """The resourceVersion from which to watch."""
    continuation: str
    """For the next page; empty on the last."""


class Client:
    """Use as an async context manager. Every method raises APIError."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        agent: str,
        request_seconds: float = 10.0,
        connections: int = 64,
        resends: bool = False,
        observe: Observe | None = None,
    ) -> None:
        """``resends``: a request is sent once more when a connection died while it was idle, even if it writes."""
        self.credentials = credentials
        self._agent = agent
        self._timeout = aiohttp.ClientTimeout(total=request_seconds, sock_connect=min(CONNECT_SECONDS, request_seconds))
        self._connections = connections
        self._resends = resends
        self._observe = observe
        self._token: str | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Client":
        self._session = open_session(self.credentials, agent=self._agent, connections=self._connections)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    def acting_as(self, token: str) -> "Client":
        """The same session with somebody else's token, and with nothing of our own credentials."""
        other = copy.copy(self)
        other._token = token
        return other

    async def get(self, path: str, query: Query | None = None) -> Json:
        """One object, as it is now."""
        return await self.request("GET", path, query=query)

    async def page(self, path: str, query: Query | None = None, *, limit: int = PAGE, continuation: str = "") -> Page:
        """Some of the objects of a collection."""
        paging = {"limit": str(limit)} | ({"continue": continuation} if continuation else {})
        answer = await self.request("GET", path, query={**(query or {}), **paging})
        meta = answer.get("metadata") or {}
        return Page(answer.get("items") or [], str(meta.get("resourceVersion") or ""), meta.get("continue") or "")

    async def pages(self, path: str, query: Query | None = None) -> AsyncIterator[Page]:
        """All objects of a collection."""
        continuation = ""
        while True:
            page = await self.page(path, query, continuation=continuation)
            yield page
            if not (continuation := page.continuation):
                return

    async def create(self, path: str, body: Body, query: Query | None = None) -> Json:
        """A new object of a collection, or a subresource such as a binding; its state as stored."""
        return await self.request("POST", path, body, query=query)

    async def patch(self, path: str, body: Body, query: Query | None = None) -> Json:
        """A merge patch; the object's state after it."""
        return await self.request("PATCH", path, body, query=query, content_type=MERGE_PATCH)

    async def delete(
        self,
        path: str,
        *,
        preconditions: Body | None = None,
        propagation: str | None = None,
        grace_seconds: int | None = None,
    ) -> Json:
        """Delete an object that is in the state of the preconditions; what the server answers."""
        wishes = {
            "preconditions": preconditions,
            "propagationPolicy": propagation,
            "gracePeriodSeconds": grace_seconds,
        }
        options = {key: value for key, value in wishes.items() if value is not None}
        return await self.request("DELETE", path, {"apiVersion": "v1", "kind": "DeleteOptions", **options})

    async def request(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        query: Query | None = None,
        content_type: str = "application/json",
    ) -> Json:
        """Any request of one answer, which must be a JSON object."""
        data = json.dumps(body, separators=(",", ":")).encode() if body is not None else None
        headers = {"Content-Type": content_type} if data is not None else {}
        began, code = time.perf_counter(), 0
        try:
            # One bound for all tries together: who writes under a Lease relies on it.
            async with asyncio.timeout(self._timeout.total):
                answer = await self._open(method, path, query, data=data, headers=headers, timeout=self._timeout)
                async with answer:
                    content = await answer.read()
                    code = answer.status
        except _FAILURES as error:
            raise Unavailable(f"no answer: {str(error) or repr(error)}", request=f"{method} {path}") from error
        finally:
            if self._observe is not None:
                self._observe(method, path, code, time.perf_counter() - began)
        return _understand(f"{method} {path}", answer, content)

    async def lines(self, path: str, query: Query, silence_seconds: float) -> AsyncIterator[bytes]:
        """The lines of a stream until it ends, or says nothing for so long."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=silence_seconds)
        try:
            async with await self._open("GET", path, query, timeout=timeout, read_bufsize=LONGEST_LINE) as answer:
                if answer.status >= 300:
                    _understand(f"GET {path}", answer, await answer.read())
                try:
                    async for line in answer.content:
                        yield line
                except aiohttp.SocketTimeoutError:
                    return
        except _FAILURES as error:
            raise Unavailable(f"the stream broke: {str(error) or repr(error)}", request=f"GET {path}") from error

    async def _open(self, method: str, path: str, query: Query | None, **options: Any) -> aiohttp.ClientResponse:
        """The beginning of an answer. What old credentials may have prevented is tried once more with new ones."""
        try:
            answer = await self._send(method, path, query, **options)
        except aiohttp.ClientConnectorCertificateError:
            self.credentials.renew()
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if not self._resends:
                raise
        else:
            if answer.status != 401 or self._token is not None:
                return answer
            answer.release()
            self.credentials.renew()
        return await self._send(method, path, query, **options)

    async def _send(
        self, method: str, path: str, query: Query | None, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> aiohttp.ClientResponse:
        assert self._session is not None, "use the client as a context manager"
        await self.credentials.prepare()
        theirs: Mapping[str, str] = {AUTHORIZATION: f"Bearer {self._token}"} if self._token is not None else {}
        return await self._session.request(
            method,
            self.credentials.config.server + path,
            params=query,
            headers={**(headers or {}), **theirs},
            ssl=self.credentials.context(with_certificate=self._token is None),
            allow_redirects=False,
            **options,
        )


def open_session(
    credentials: Credentials,
    *,
    agent: str,
    connections: int = 0,
    traces: Sequence[aiohttp.TraceConfig] = (),
    middlewares: Sequence[aiohttp.ClientMiddlewareType] = (),
) -> aiohttp.ClientSession:
    """A session whose requests are authenticated unless they have a token already; the caller closes it."""

    async def authenticate(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        config = credentials.config
        if request.url.origin() == URL(config.server).origin():
            request.server_hostname = config.server_name
            if AUTHORIZATION not in request.headers:
                try:
                    request.headers.update(await credentials.headers())
                except (ConfigurationError, OSError) as error:
                    raise aiohttp.ClientConnectionError(f"no credentials: {error}") from error
        return await handler(request)

    config = credentials.config
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=credentials.context(), limit=connections, keepalive_timeout=60),
        timeout=aiohttp.ClientTimeout(total=None),
        trace_configs=list(traces),
        middlewares=[*middlewares, authenticate],
        proxy=config.proxy,
        headers={"User-Agent": agent},
    )


def _understand(request: str, answer: aiohttp.ClientResponse, content: bytes) -> Json:
    try:
        words: Any = json.loads(content) if content else {}
    except ValueError:
        words = None
    if answer.status < 300 and isinstance(words, dict):
        return words
    said = words if isinstance(words, dict) else {}
    message = str(said.get("message") or content[:200].decode(errors="replace") or "an empty answer")
    wish = answer.headers.get("Retry-After", "")
    seconds = float(wish) if wish.isdecimal() else None
    code = answer.status if answer.status >= 300 else 502
    raise from_answer(request, code, str(said.get("reason") or ""), message, seconds)

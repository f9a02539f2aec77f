"""The way to the store of a namespace: directly where somebody named an address, else through the API server.

What travels on it (values, files, logs) is the business of ``values``, ``files`` and ``logs``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import quote, urlencode

from titan_api.json_types import Json
from titan_sdk.cluster.kube import AGENT, Kube
from titan_sdk.cluster.tokens import Tokens
from titan_sdk.data.proxies import find_proxy_path
from titan_sdk.errors import TitanError, TitanForbidden, TitanUnavailable
from titan_sdk.transport.http import READ_SECONDS, Readable, Reply, Request, Stream, Transport, read_all, send
from titan_sdk.transport.refusals import refusal_of
from titan_sdk.transport.retrying import PATIENCE, Clock, Patience, insist

T = TypeVar("T")
TOKEN_HEADER = "X-Titan-Token"
PAGE = 1000


class Route(Protocol):
    """How requests reach the store, and with which credentials."""

    @property
    def transport(self) -> Transport:
        """What carries them."""

    @property
    def base(self) -> str:
        """URL before ``/v1``."""

    def headers(self) -> dict[str, str]:
        """Credentials."""

    def authenticate_anew(self) -> bool:
        """The store refused the credentials: whether others are at hand now."""


class DirectRoute:
    """To an address that somebody named.

    In pods the token is at hand. Elsewhere it is asked for only when the store wants one: a program that knows
    nothing but TITAN_HOST must work without any cluster, and no token goes to a server that does not ask.
    """

    def __init__(self, url: str, transport: Transport, find_tokens: Callable[[], Tokens], *, at_once: bool) -> None:
        self.base = url
        self.transport = transport
        self._find_tokens = find_tokens
        self._tokens = find_tokens() if at_once else None

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.current()}"} if self._tokens is not None else {}

    def authenticate_anew(self) -> bool:
        if self._tokens is not None:
            return self._tokens.renew()
        self._tokens = self._find_tokens()
        return True


class ProxyRoute:
    """Through the API server's service proxy, which strips the Authorization header: hence a header of our own."""

    def __init__(self, kube: Kube, tokens: Tokens) -> None:
        self.transport = kube.access.transport
        self._kube = kube
        self._tokens = tokens
        self._path: str | None = None

    @property
    def base(self) -> str:
        """See ``Route``. Where the store is, is asked once."""
        if self._path is None:
            # In a new namespace the operator needs a moment to write it down; the token is waited for.
            self._tokens.current()
            self._path = find_proxy_path(self._kube)
        return self._kube.access.server + self._path

    def headers(self) -> dict[str, str]:
        return self._kube.headers() | {TOKEN_HEADER: self._tokens.current()}

    def authenticate_anew(self) -> bool:
        return self._tokens.renew()


@dataclass(frozen=True)
class Call:
    """One request to the store of the namespace."""

    method: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: bytes | Readable | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    read_seconds: float = READ_SECONDS


class Store:
    """Sends calls and translates refusals."""

    def __init__(self, route: Route, namespace: str, clock: Clock, patience: Patience = PATIENCE) -> None:
        self.namespace = namespace
        self.clock = clock
        self._route = route
        self._patience = patience

    def call(self, call: Call, *, idempotent: bool = True, allow: Collection[str] = ()) -> Reply:
        """The whole answer, tried again while the store is away. Refusals raise, but for the codes in ``allow``."""
        return insist(lambda: self.once(call, allow), self.clock, idempotent=idempotent, patience=self._patience)

    def once(self, call: Call, allow: Collection[str] = ()) -> Reply:
        """The whole answer of a single try: for bodies that only the caller can rewind."""
        reply = self._authenticated(lambda: self._send(call))
        if reply.status >= 300 and _code(reply) not in allow:
            raise refusal(reply)
        return reply

    def has(self, path: str, query: Mapping[str, str | int]) -> bool:
        """Whether a thing is there, by HEAD: its answer has no body, so nothing but the status can be read."""

        def attempt() -> bool:
            reply = self._authenticated(lambda: self._send(Call("HEAD", path, query)))
            if reply.status >= 300 and reply.status != 404:
                raise refusal_of(reply.status, f"the store answered HTTP {reply.status}")
            return reply.status < 300

        return insist(attempt, self.clock, idempotent=True, patience=self._patience)

    def items(self, path: str, prefix: str) -> Iterator[Json]:
        """Everything whose name begins so, page by page."""
        query: dict[str, str | int] = {"prefix": prefix, "limit": PAGE}
        while True:
            page = self.call(Call("GET", path, query)).json()
            yield from page["items"]
            if not page.get("continue"):
                return
            query["continue"] = page["continue"]

    def open(self, call: Call) -> Stream:
        """An answer to be read as it comes; one try, because only the caller knows where to resume."""
        return self._authenticated(lambda: self._open(call))

    def _authenticated(self, attempt: Callable[[], T]) -> T:
        """The attempt's result; once again with other credentials if these were refused and there are others."""
        try:
            return attempt()
        except Unauthenticated:
            if not self._route.authenticate_anew():
                raise
        return attempt()

    def _send(self, call: Call) -> Reply:
        reply = send(self._route.transport, self._request(call))
        if reply.status == 401:
            raise Unauthenticated(_message(reply))
        return reply

    def _open(self, call: Call) -> Stream:
        stream = self._route.transport.open(self._request(call))
        if stream.status >= 300:
            raise refusal(read_all(stream))
        return stream

    def _request(self, call: Call) -> Request:
        query = f"?{urlencode(call.query)}" if call.query else ""
        url = f"{self._route.base}/v1/namespaces/{quote(self.namespace, safe='')}{call.path}{query}"
        headers = {"User-Agent": AGENT} | self._route.headers() | dict(call.headers)
        return Request(call.method, url, headers, call.body, call.read_seconds)


class Unauthenticated(TitanForbidden):
    """The store does not know who is calling."""


def refusal(reply: Reply) -> TitanError:
    """The error that a refusal stands for, in the store's words.

    Behind the proxy the API server itself may be the one that refuses. It says 404 when there is no store at all,
    which must not read as "no such key".
    """
    if reply.status == 401:
        return Unauthenticated(_message(reply))
    if isinstance(_content(reply).get("error"), dict):
        return refusal_of(reply.status, _message(reply), reply.headers.get("retry-after"))
    if reply.status == 403:
        return TitanForbidden(f"the store cannot be reached: {_message(reply)}")
    return TitanUnavailable(f"the store cannot be reached: {_message(reply)}")


def _message(reply: Reply) -> str:
    content = _content(reply)
    error = content.get("error")
    spoken = error if isinstance(error, dict) else content
    return str(spoken.get("message") or spoken.get("code") or f"HTTP {reply.status}")


def _code(reply: Reply) -> str:
    error = _content(reply).get("error")
    return str(error.get("code", "")) if isinstance(error, dict) else ""


def _content(reply: Reply) -> dict[str, object]:
    try:
        content = json.loads(reply.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}

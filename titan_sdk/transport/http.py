"""The SDK's only edge to the network: a request goes out, a stream of bytes comes back.

``Transport`` is what tests (and users' own tests) replace. The real one keeps one pool of connections through
urllib3, which is imported on first use. It never repeats a request and follows no redirects: whether repeating
is safe is known only to the caller (``retrying``), and a redirect would carry credentials elsewhere.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from titan_sdk.errors import TitanUnavailable

if TYPE_CHECKING:
    import ssl

    import urllib3

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
"""Longest silence of a server that owes a small answer."""
CHUNK_BYTES = 256 * 1024
POOLED_CONNECTIONS = 16


class Readable(Protocol):
    """A body that is read as it is sent."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; empty at the end."""


@dataclass(frozen=True)
class Request:
    """One request. A body that is read as it is sent needs its Content-Length in the headers."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Readable | None = None
    read_seconds: float = READ_SECONDS


@dataclass(frozen=True)
class Reply:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; TitanUnavailable if it is none, for then something else than Titan answers there."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise TitanUnavailable(f"the answer is no JSON: {self.body[:80]!r}") from error


class Stream(Protocol):
    """An answer of which only the head has come."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case; of several cookies each has a line of its own."""

    def read(self) -> bytes:
        """What has arrived, waiting for at least one byte; empty at the end. Raises TitanUnavailable."""

    def close(self) -> None:
        """End it; for the thread that reads."""

    def interrupt(self) -> None:
        """Wake the thread that is in ``read``, which then raises or ends; for any other thread."""


class Transport(Protocol):
    """How requests travel."""

    def open(self, request: Request) -> Stream:
        """Send a request and return once the head of the answer is there. Raises TitanUnavailable."""


def send(transport: Transport, request: Request) -> Reply:
    """Send a request and read the whole answer. Raises TitanUnavailable."""
    return read_all(transport.open(request))


def read_all(stream: Stream) -> Reply:
    """The whole of an answer whose head has come. Raises TitanUnavailable."""
    try:
        return Reply(stream.status, stream.headers, b"".join(iter(stream.read, b"")))
    finally:
        stream.close()


class PooledTransport:
    """The real one. ``make_context`` gives the TLS settings; it is called at the first request."""

    def __init__(
        self, make_context: Callable[[], ssl.SSLContext] | None = None, *, server_name: str = "", proxy: str = ""
    ) -> None:
        self._make_context = make_context
        self._server_name = server_name
        self._proxy = proxy
        self._lock = threading.Lock()
        self._pool: urllib3.PoolManager | None = None

    def open(self, request: Request) -> Stream:
        from titan_sdk.transport.carried import urllib3

        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=request.read_seconds)
        try:
            response = self._connections().request(
                request.method,
                request.url,
                body=cast("bytes | IO[bytes] | None", request.body),
                headers=request.headers,
                timeout=timeout,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise _unavailable(request.url, error) from error
        return _PooledStream(request.url, response)

    def close(self) -> None:
        """Close the connections that nobody is using; the next request opens new ones."""
        with self._lock:
            if self._pool is not None:
                self._pool.clear()

    def _connections(self) -> urllib3.PoolManager:
        from titan_sdk.transport.carried import urllib3

        with self._lock:
            if self._pool is None:
                options: dict[str, Any] = {"maxsize": POOLED_CONNECTIONS, "blocksize": CHUNK_BYTES}
                if self._make_context is not None:
                    options["ssl_context"] = self._make_context()
                if self._server_name:
                    options |= {"server_hostname": self._server_name, "assert_hostname": self._server_name}
                if self._proxy:
                    self._pool = urllib3.ProxyManager(self._proxy, **options)
                else:
                    self._pool = urllib3.PoolManager(**options)
            return self._pool


class _PooledStream:
    """An answer that urllib3 reads; its connection goes back to the pool when it was read to the end."""

    def __init__(self, url: str, response: urllib3.BaseHTTPResponse) -> None:
        self._url = url
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = _headers(response.headers.items())

    def read(self) -> bytes:
        from titan_sdk.transport.carried import urllib3

        try:
            chunk: bytes = self._response.read1(CHUNK_BYTES)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _unavailable(self._url, error) from error
        if not chunk:
            self._response.release_conn()
        return chunk

    def close(self) -> None:
        self._response.close()

    def interrupt(self) -> None:
        # Each of the three says that the reader has just finished by itself.
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            self._response.shutdown()


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Repeated headers put together as HTTP permits it; cookies it does not, because commas are part of them."""
    together: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in pairs):
        separator = "\n" if name == "set-cookie" else ", "
        together[name] = f"{together[name]}{separator}{value}" if name in together else value
    return together


def _unavailable(url: str, error: Exception) -> TitanUnavailable:
    from titan_sdk.transport.carried import urllib3

    place = url.split("?", 1)[0].split("/", 3)
    address = "/".join(place[:3])
    unsent = (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError)
    if isinstance(error, urllib3.exceptions.SSLError):
        return TitanUnavailable(f"{address} does not prove who it is: {error}")
    if isinstance(error, unsent):
        reason = error.__cause__ or error.__context__
        text = f": {reason.strerror}" if isinstance(reason, OSError) and reason.strerror else ""
        return TitanUnavailable(f"nobody answers at {address}{text}")
    return TitanUnavailable(f"{address} broke off: {type(error).__name__}: {error}", maybe_done=True)

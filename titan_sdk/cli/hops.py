"""What one request and its answer may carry over the forwarder: pure rules, because each of them keeps somebody out.

The forwarder speaks to the API server as the person who started it. So it must go nowhere but to the store, and nobody
may make it speak but a page that came through it.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import unquote

HOP_BY_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    }
)
"""RFC 9110, 7.6.1: these speak of one connection."""
OF_THIS_HOP = HOP_BY_HOP | {"host", "authorization", "expect", "content-length", "cookie"}
"""Of a request; what of it goes on is put together anew."""
OF_THE_API_SERVER = ("impersonate-", "x-remote-")
"""Beginnings of headers that say to it who is asking; nothing that comes from a browser may."""
COOKIES = "titan-session-"
"""Browsers send the cookies of every program that listens on this host; the others are none of the store's business."""
BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
Pairs = Iterable[tuple[str, str]]


def refuse(target: str, host: str, port: int, headers: Mapping[str, str]) -> tuple[HTTPStatus, str] | None:
    """Why a request goes no further; None: it may."""
    if host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        # Another name that leads here belongs to a page of somebody else.
        return HTTPStatus.MISDIRECTED_REQUEST, f"this is only for http://127.0.0.1:{port}"
    # Not as a URL is read: what follows two slashes would be a host, and no part of the path.
    path = target.partition("?")[0]
    if not target.startswith("/") or "\\" in unquote(path) or {".", ".."} & set(unquote(path).split("/")):
        return HTTPStatus.BAD_REQUEST, "that is no address of the store"
    if "transfer-encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED, "a body needs its Content-Length"
    return None


def pass_request(pairs: Pairs, authorization: str | None, length: int | None) -> dict[str, str]:
    """The headers that go on, and what this hop itself needs."""
    given = list(pairs)
    dropped = OF_THIS_HOP | _named_by_connection(given)
    passed = ((name, value) for name, value in given if not name.lower().startswith(OF_THE_API_SERVER))
    kept = {name: value for name, value in passed if name.lower() not in dropped}
    sent = "; ".join(value for name, value in given if name.lower() == "cookie").split(";")
    cookies = "; ".join(one.strip() for one in sent if one.strip().startswith(COOKIES))
    if cookies:
        kept["Cookie"] = cookies
    if authorization is not None:
        kept["Authorization"] = authorization
    if length is not None:
        kept["Content-Length"] = str(length)
    return kept


def pass_answer(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers that go back. ``headers`` has a line for each cookie."""
    dropped = HOP_BY_HOP | _named_by_connection(headers.items())
    kept = [(name, value) for name, value in headers.items() if name not in dropped and name != "set-cookie"]
    return kept + [("set-cookie", _openly(one)) for one in headers.get("set-cookie", "").split("\n") if one]


def has_body(method: str, status: int) -> bool:
    """Whether an answer has a body, which then needs a length or an end."""
    return method != "HEAD" and status not in BODILESS and status >= HTTPStatus.OK


def _openly(cookie: str) -> str:
    """A cookie for http: from here to the browser nothing leaves this machine."""
    return "; ".join(part for part in map(str.strip, cookie.split(";")) if part.lower() != "secure")


def _named_by_connection(pairs: Pairs) -> set[str]:
    named = ",".join(value for name, value in pairs if name.lower() == "connection")
    return {name.strip().lower() for name in named.split(",") if name.strip()}

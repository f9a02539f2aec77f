"""The dashboard for whoever has a kubeconfig: on which way its page is reached, and a code that signs in once.

The page's session is the person's own wherever the kubeconfig has a token that the store can have reviewed. Who has
only a client certificate cannot pass it on: a browser then looks on as the shared identity ``titan-client``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from titan_sdk.cluster.kube import AGENT, Kube
from titan_sdk.cluster.tokens import Tokens
from titan_sdk.data.proxies import find_proxy_path
from titan_sdk.data.store import TOKEN_HEADER, refusal
from titan_sdk.errors import TitanNotFound
from titan_sdk.transport.http import Request, Transport, send

CODES = "/v1/session/codes"
BEARER = "Bearer "
LOOPBACK = ("127.0.0.1", "::1", "localhost")
CLUSTER_FILE = "local/cluster.json"
"""Below TITAN_HOME: where ``titan local`` says what runs."""


@dataclass(frozen=True)
class Way:
    """From this machine to the store, as one person."""

    base: str
    """URL of the page, without a slash at its end."""
    transport: Transport
    authorization: Callable[[], str | None]
    """What each request carries for the API server, which passes it on; None: it passes none, or there is none."""
    is_direct: bool
    """A browser can go there by itself."""
    token: Callable[[], str]
    """What the store gets to see of the person."""
    is_shared: bool
    """The token is that of ``titan-client``."""

    def draw_code(self) -> str:
        """A code that signs a browser in, once and within a minute. Raises TitanError."""
        headers = {"User-Agent": AGENT, "Accept": "application/json", TOKEN_HEADER: self.token()}
        authorization = self.authorization()
        if authorization is not None:
            headers["Authorization"] = authorization
        reply = send(self.transport, Request("POST", self.base + CODES, headers, b""))
        if reply.status < 300:
            return str(reply.json()["code"])
        error = refusal(reply)
        if isinstance(error, TitanNotFound):
            raise TitanNotFound("this store has no dashboard: it is older than this titan") from error
        raise error

    def page(self, address: str, code: str) -> str:
        """What a browser opens; the code is in the fragment, which browsers send to nobody."""
        return f"{address}/#/sign-in?code={code}"


def directly(url: str, transport: Transport, authorization: Callable[[], str | None], shared: Tokens) -> Way:
    """To an address that somebody named. A person's own token goes there only where nobody can read along."""
    address = urlsplit(url)
    is_private = address.scheme == "https" or address.hostname in LOOPBACK
    own = _own_token(authorization) if is_private else None
    return Way(url, transport, _nothing, True, own or shared.current, own is None)


def through_proxy(kube: Kube, shared: Tokens) -> Way:
    """Through the API server's service proxy, to which only programs can show a kubeconfig's credentials."""
    authorization = kube.access.authorization
    own = _own_token(authorization)
    base = kube.access.server + find_proxy_path(kube)
    return Way(base, kube.access.transport, authorization, False, own or shared.current, own is None)


def local_store(titan_home: Path, server: str) -> str | None:
    """The store's address if the API server is that of this machine's embedded cluster."""
    try:
        told = json.loads((titan_home / CLUSTER_FILE).read_text())
        return str(told["storeURL"]) if told["apiServer"] == server else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _own_token(authorization: Callable[[], str | None]) -> Callable[[], str] | None:
    if not (authorization() or "").startswith(BEARER):
        return None
    return lambda: (authorization() or "").removeprefix(BEARER)


def _nothing() -> str | None:
    return None

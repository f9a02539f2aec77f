"""What a client is connected to: opened on first use, and again when the surroundings name another store."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Optional

from titan_sdk.cluster.access import Access
from titan_sdk.cluster.credentials import find_access
from titan_sdk.cluster.environment import DEFAULT_HOST, DEFAULT_PORT, Environment, read_environment
from titan_sdk.cluster.kube import Identity, Kube
from titan_sdk.cluster.tokens import FileToken, RequestedToken, Tokens
from titan_sdk.dashboards import Way, directly, local_store, through_proxy
from titan_sdk.data.store import DirectRoute, ProxyRoute, Route, Store
from titan_sdk.errors import TitanNotConfigured
from titan_sdk.transport.certificates import trust
from titan_sdk.transport.http import PooledTransport, Transport
from titan_sdk.transport.retrying import NO_PATIENCE, PATIENCE, Clock, Patience, SystemClock

DEFAULT_NAMESPACE = "default"
Place = tuple[Optional[str], Optional[Path], Optional[str]]
"""Of a store: URL, file with the token, and the authority that vouches for it."""
FindAccess = Callable[[Environment, Mapping[str, str], Optional[str]], Access]


class Connections:
    """The cluster and the store of one namespace. Every argument has a default; tests hand in their own edges."""

    def __init__(
        self,
        namespace: str | None = None,
        context: str | None = None,
        *,
        surroundings: Callable[[], Environment] = read_environment,
        access: FindAccess = find_access,
        store_transport: Transport | None = None,
        clock: Clock | None = None,
        patience: Patience = PATIENCE,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self._wanted_namespace = namespace
        self._context = context
        self._surroundings = surroundings
        self._find_access = access
        self._store_transport = store_transport
        self._patience = patience
        self._lock = threading.RLock()
        self._access: Access | None = None
        self._kube: Kube | None = None
        self._identity: Identity | None = None
        self._tokens: RequestedToken | None = None
        self._store: tuple[Place, Store] | None = None

    @property
    def namespace(self) -> str:
        """The namespace of every call: the one asked for, else TITAN_NAMESPACE, the context's own, "default"."""
        return self._namespace_in(self._surroundings())

    @property
    def agent_run_id(self) -> str | None:
        """The agent run of the job in which this program runs, if any."""
        return self._surroundings().agent_run_id

    def _namespace_in(self, surroundings: Environment) -> str:
        named = self._wanted_namespace or surroundings.namespace
        if named:
            return named
        try:
            return self._reach().namespace or DEFAULT_NAMESPACE
        except TitanNotConfigured:
            return DEFAULT_NAMESPACE

    def kube(self) -> Kube:
        """The API server. Raises TitanNotConfigured."""
        with self._lock:
            if self._kube is None:
                self._kube = Kube(self._reach(), self.namespace, self.clock, self._patience)
            return self._kube

    def identity(self) -> Identity:
        """As whom the API server knows us; asked once."""
        with self._lock:
            if self._identity is None:
                self._identity = self.kube().identity()
            return self._identity

    def store(self) -> Store:
        """The store, at the address that the surroundings name at this moment."""
        surroundings = self._surroundings()
        place = (surroundings.store_url, surroundings.store_token_file, surroundings.store_ca)
        with self._lock:
            if self._store is None or self._store[0] != place:
                store = Store(self._route(*place), self._namespace_in(surroundings), self.clock, self._patience)
                self._store = (place, store)
            return self._store[1]

    def dashboard(self) -> Way:
        """The way to the store's page, for a browser of the person whose credentials these are."""
        surroundings = self._surroundings()
        access = self._reach()
        url = surroundings.store_url or local_store(surroundings.titan_home, access.server)
        if url is None:
            return through_proxy(self.kube(), self._requested_token())
        transport = self._transport(surroundings.store_ca)
        return directly(url, transport, access.authorization, self._requested_token())

    def _route(self, url: str | None, token_file: Path | None, authority: str | None) -> Route:
        if url is None and token_file is None:
            try:
                return ProxyRoute(self.kube(), self._requested_token())
            except TitanNotConfigured:
                # Programs of the earlier Titan that set nothing at all expect its store on this machine.
                url = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"

        def find_tokens() -> Tokens:
            return FileToken(token_file) if token_file is not None else self._requested_token()

        address = url or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"
        return DirectRoute(address, self._transport(authority), find_tokens, at_once=token_file is not None)

    def _transport(self, authority: str | None) -> Transport:
        make_context = partial(trust, authority) if authority else None
        return self._store_transport or PooledTransport(make_context)

    def _requested_token(self) -> RequestedToken:
        with self._lock:
            if self._tokens is None:
                # The caller retries the whole exchange; retrying here as well would multiply the wait.
                self._tokens = RequestedToken(Kube(self._reach(), self.namespace, self.clock, NO_PATIENCE))
            return self._tokens

    def _reach(self) -> Access:
        with self._lock:
            if self._access is None:
                self._access = self._find_access(self._surroundings(), os.environ, self._context)
            return self._access

"""Tokens for the store: from a file in pods, by TokenRequest everywhere else.

The API server's service proxy strips the Authorization header, and a person's own credentials are none of the
store's business; so people ask for a short-lived token of the namespace's ServiceAccount ``titan-client`` whose
audience is the store alone.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from titan_api import names
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanNotConfigured, TitanNotFound

LIFETIME_SECONDS = 3600
RENEWED_AFTER = 0.8
"""Part of the lifetime after which a new token is asked for."""
ACCOUNT_WAIT_SECONDS = 10.0
"""In a new namespace the operator needs a moment to create the ServiceAccount."""
ACCOUNT_PAUSE_SECONDS = 0.2


class Tokens(Protocol):
    """Where tokens for the store come from."""

    def current(self) -> str:
        """A token that is valid now. Raises TitanError."""

    def renew(self) -> bool:
        """Forget the token, which the store refused; False if the next one would be the same."""


class FileToken:
    """The projected token of a pod. The kubelet replaces it in time, so it is read at each request."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def current(self) -> str:
        try:
            return self._path.read_text().strip()
        except OSError as error:
            raise TitanNotConfigured(f"the token file {self._path} cannot be read: {error.strerror}") from error

    def renew(self) -> bool:
        return False


class RequestedToken:
    """A token of ``titan-client``, kept until shortly before its end."""

    def __init__(self, kube: Kube) -> None:
        self._kube = kube
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0

    def current(self) -> str:
        with self._lock:
            if not self._token or self._kube.clock.now() >= self._renew_at:
                self._renew_at = self._kube.clock.now() + LIFETIME_SECONDS * RENEWED_AFTER
                self._token = self._request()
            return self._token

    def renew(self) -> bool:
        with self._lock:
            self._token = ""
        return True

    def _request(self) -> str:
        give_up = self._kube.clock.now() + ACCOUNT_WAIT_SECONDS
        while True:
            try:
                status = self._kube.request_token(names.SERVICE_ACCOUNT_CLIENT, names.AUDIENCE_STORE, LIFETIME_SECONDS)
                return str(status["token"])
            except TitanNotFound as error:
                if self._kube.clock.now() >= give_up:
                    account = f"{self._kube.namespace}/{names.SERVICE_ACCOUNT_CLIENT}"
                    raise TitanNotConfigured(
                        f"the ServiceAccount {account} does not exist: is Titan's operator running?"
                    ) from error
            self._kube.clock.sleep(ACCOUNT_PAUSE_SECONDS)

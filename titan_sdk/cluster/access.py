"""A cluster and an identity in it: what every request to the API server needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from titan_sdk.transport.http import Transport


@dataclass(frozen=True)
class Access:
    """Where the API server is, how to reach it, and as whom."""

    server: str
    """URL without a slash at its end."""
    transport: Transport
    authorization: Callable[[], str | None]
    """The header's value; asked for at each request, because tokens rotate. None: a client certificate speaks."""
    namespace: str | None = None
    """The namespace that goes with the identity, if any."""

"""The edge to the store: one outcome looked up, or all of them as they are recorded.

Every call raises StoreAway, or answers UNREACHABLE, when the store cannot be asked; nothing waits for it for long.
"""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from titan_operator.clocks import Clock
from titan_operator.cluster.store_authority import StoreAuthority
from titan_operator.errors import StoreAway
from titan_operator.plan.observed import Lookup
from titan_operator.records import Outcome
from titan_operator.records.pods_and_outcomes import parse_outcome

log = logging.getLogger(__name__)

LOOKUP_SECONDS = 3.0
"""Longest wait for one look-up."""
AWAY_SECONDS = 1.0
"""For so long after a failure the store is not asked, so that nobody waits for it."""
SILENCE_SECONDS = 25.0
"""The store speaks every ten seconds; a longer silence is a broken connection."""
STREAM_SECONDS = 3600
LONGEST_LINE = 2**20


class OutcomeSource(Protocol):
    """Where a pass asks for the outcome of an attempt."""

    async def look_up(self, namespace: str, job_uid: str, attempt: int) -> Outcome | Lookup:
        """The record; ABSENT if the store has none, UNREACHABLE if it cannot be asked now."""
        ...


@dataclass(frozen=True)
class Bookmark:
    """Where the stream stands, and in which store."""

    sequence: int
    store_id: str


@dataclass(frozen=True)
class RecordedOutcome:
    """An outcome, as it was recorded."""

    sequence: int
    job_uid: str
    outcome: Outcome


class SequenceExpired(StoreAway):
    """The store does not know that sequence number (any more)."""


class Store:
    """The store over HTTP; use as an async context manager."""

    def __init__(
        self, url: str, token_file: Path | None, clock: Clock, authority: StoreAuthority | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._token_file = token_file
        self._clock = clock
        self._authority = authority or StoreAuthority(None, clock)
        self._away_until = 0.0
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Store":
        self._session = aiohttp.ClientSession(read_bufsize=LONGEST_LINE)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def look_up(self, namespace: str, job_uid: str, attempt: int) -> Outcome | Lookup:
        """The record; ABSENT if the store has none, UNREACHABLE if it cannot be asked now."""
        if self._clock.monotonic() < self._away_until:
            return Lookup.UNREACHABLE
        assert self._session is not None, "use the store as a context manager"
        url = f"{self._url}/v1/namespaces/{namespace}/outcome"
        query = {"job": job_uid, "attempt": str(attempt)}
        timeout = aiohttp.ClientTimeout(total=LOOKUP_SECONDS)
        try:
            async with self._session.get(
                url, params=query, headers=self._headers(), timeout=timeout, ssl=self._authority.context()
            ) as answer:
                body = await answer.json(content_type=None)
                return _understand(answer.status, attempt, body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, StoreAway) as error:
            self._warn_if_untrusted(error)
            self._away_until = self._clock.monotonic() + AWAY_SECONDS
            log.info("the store cannot be asked for an outcome: %s", error or repr(error))
            return Lookup.UNREACHABLE

    async def follow(self, after: int | None) -> AsyncIterator[Bookmark | RecordedOutcome]:
        """Outcomes since a sequence number, or from now on; a Bookmark comes first. Raises StoreAway at the end."""
        assert self._session is not None, "use the store as a context manager"
        query = {"watch": "true", "timeoutSeconds": str(STREAM_SECONDS)}
        if after is not None:
            query["after"] = str(after)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=LOOKUP_SECONDS, sock_read=SILENCE_SECONDS)
        url = f"{self._url}/v1/outcomes"
        try:
            async with self._session.get(
                url, params=query, headers=self._headers(), timeout=timeout, ssl=self._authority.context()
            ) as answer:
                if answer.status == 410:
                    raise SequenceExpired(f"the store does not know sequence {after}")
                if answer.status != 200:
                    raise StoreAway(f"GET {url}: {answer.status} {(await answer.text())[:200]}")
                self._away_until = 0.0
                async for line in answer.content:
                    told = _read_line(line)
                    if told is not None:
                        yield told
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
            self._warn_if_untrusted(error)
            raise StoreAway(f"GET {url}: {error!r}") from error
        raise StoreAway(f"GET {url}: the store ended the stream")

    def _warn_if_untrusted(self, error: Exception) -> None:
        """This does not repair itself, so the log says what to look at."""
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            log.warning("storeCAFile: the store at %s is not trusted: %s", self._url, error.certificate_error)

    def _headers(self) -> dict[str, str]:
        """The token is read again for each request, because it rotates."""
        if self._token_file is None:
            return {}
        return {"Authorization": f"Bearer {self._token_file.read_text().strip()}"}


def _understand(code: int, attempt: int, body: Any) -> Outcome | Lookup:
    if code == 200 and isinstance(body, dict):
        return parse_outcome(attempt, body)
    error = body.get("error", {}) if isinstance(body, dict) else {}
    # Only the store's own word counts: a 404 of some proxy on the way says nothing about the outcome.
    if code == 404 and error.get("code") in ("OutcomeNotFound", "NamespaceNotFound"):
        return Lookup.ABSENT
    raise StoreAway(f"{code} {error.get('message', 'an answer that is not the store’s')}")


def _read_line(line: bytes) -> Bookmark | RecordedOutcome | None:
    raw = json.loads(line)
    if raw.get("type") == "BOOKMARK":
        return Bookmark(int(raw["sequence"]), str(raw.get("storeID", "")))
    if raw.get("type") == "OUTCOME":
        attempt = int(raw["attempt"])
        return RecordedOutcome(int(raw["sequence"]), str(raw["job"]), parse_outcome(attempt, raw["outcome"]))
    return None

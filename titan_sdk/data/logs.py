"""Logs: whole, or line by line while the job runs; the same source during and after, wherever the pod is.

Runners ship their output to the store by (attempt, offset), so a reader that lost its connection resumes at its
offset, and sees nothing twice and nothing missing.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Iterator

from titan_api import names
from titan_api.views import JobView, view_job
from titan_sdk.cluster.kube import Kube
from titan_sdk.data.store import Call, Store
from titan_sdk.errors import TitanNotFound, TitanTimeout, TitanUnavailable
from titan_sdk.transport.http import READ_SECONDS, Stream
from titan_sdk.transport.retrying import PATIENCE, Backoff, Patience

FIRST_BYTE_SECONDS = 2
"""How long one request waits for a log that is still empty: its job may end without a word."""
FOLLOW_SECONDS = 30
OUTAGE_SECONDS = 30.0
"""How long the store may be away once it has shown us something of the log."""
PAUSES = Patience(first_pause=0.02, longest_pause=0.5)


def fetch_log(store: Store, uid: str) -> bytes:
    """The whole log of a job's newest attempt; empty if there is none."""
    reply = store.call(Call("GET", "/log", {"job": uid}), allow=("LogNotFound",))
    return reply.body if reply.status < 300 else b""


def stream_lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """Lines without their line ends. What is no UTF-8 becomes U+FFFD; a last line needs no line end."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from lines
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


class Follower:
    """One reader of one job's log."""

    def __init__(self, kube: Kube, store: Store, job: JobView, *, follow: bool, timeout: float | None) -> None:
        self._kube = kube
        self._store = store
        self._job = job
        self._follow = follow
        self._timeout = timeout
        self._deadline = None if timeout is None else store.clock.now() + timeout
        self._attempt: int | None = None
        self._offset = 0
        self._away_since: float | None = None

    def chunks(self) -> Iterator[bytes]:
        """What the newest attempt prints, then what further attempts print, until the job has ended.

        Without ``follow``: what the newest attempt has printed so far.

        Raises TitanTimeout, and TitanUnavailable if the store or the API server stays away.
        """
        pauses = Backoff(PAUSES)
        while True:
            before = (self._attempt, self._offset)
            try:
                has_ended = self._has_ended()
                yield from self._read(follow=not has_ended)
                self._away_since = None
                if self._turn_to_newer_attempt():
                    continue
                if has_ended:
                    return
            except TitanUnavailable as error:
                self._tolerate(error)
            if (self._attempt, self._offset) == before:
                # Nothing came: the attempt is over and the operator about to draw its conclusions, or the store is away.
                self._store.clock.sleep(pauses.next())
            else:
                pauses = Backoff(PAUSES)

    def _read(self, *, follow: bool) -> Iterator[bytes]:
        stream = self._open(follow=follow)
        if stream is None:
            return
        try:
            self._attempt = int(stream.headers.get("x-titan-attempt") or self._attempt or 1)
            while chunk := stream.read():
                self._offset += len(chunk)
                self._away_since = None
                yield chunk
                self._check_deadline()
        finally:
            stream.close()

    def _open(self, *, follow: bool) -> Stream | None:
        """The answer from our offset on; None if there is no log yet."""
        query: dict[str, str | int] = {"job": self._job.uid, "offset": self._offset}
        if self._attempt is not None:
            query["attempt"] = self._attempt
        seconds = self._seconds_left(FIRST_BYTE_SECONDS if self._offset == 0 else FOLLOW_SECONDS)
        if follow:
            query |= {"follow": "true", "timeoutSeconds": seconds}
        try:
            return self._store.open(Call("GET", "/log", query, read_seconds=seconds + READ_SECONDS))
        except TitanNotFound:
            return None

    def _has_ended(self) -> bool:
        """Whether nothing will be printed any more; asked before reading, so that the reading sees the very end."""
        if self._follow and not self._job.is_final:
            try:
                self._job = view_job(self._kube.get(names.PLURAL_JOBS, self._job.name))
            except TitanNotFound:
                return True
        return self._job.is_final or not self._follow

    def _turn_to_newer_attempt(self) -> bool:
        """Whether another attempt has begun, whose log is then read from its beginning."""
        if self._attempt is None or not self._follow:
            return False
        items = self._store.call(Call("GET", "/logs", {"job": self._job.uid})).json()["items"]
        sizes = {int(item["attempt"]): int(item["size"]) for item in items}
        newest = max(sizes, default=self._attempt)
        if newest <= self._attempt or self._offset < sizes.get(self._attempt, 0):
            return False
        self._attempt, self._offset = newest, 0
        return True

    def _tolerate(self, error: TitanUnavailable) -> None:
        self._check_deadline()
        now = self._store.clock.now()
        self._away_since = now if self._away_since is None else self._away_since
        if now - self._away_since > (PATIENCE.seconds if self._attempt is None else OUTAGE_SECONDS):
            raise error

    def _seconds_left(self, wanted: int) -> int:
        self._check_deadline()
        if self._deadline is None:
            return wanted
        return max(1, min(wanted, math.ceil(self._deadline - self._store.clock.now())))

    def _check_deadline(self) -> None:
        if self._deadline is not None and self._store.clock.now() >= self._deadline:
            raise TitanTimeout(f"the log of job {self._job.job_id!r} did not end within {self._timeout} seconds")

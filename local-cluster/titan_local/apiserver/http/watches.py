"""Watches: the current objects, then each change, until the client or its time-out ends them."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import web

from titan_api.json_types import Json
from titan_local.apiserver.persistence.databases import encode
from titan_local.apiserver.persistence.storage import Event, Storage
from titan_local.apiserver.rules import errors
from titan_local.apiserver.rules.mistakes import prohibited, unsupported
from titan_local.apiserver.rules.reads.selectors import Predicate
from titan_local.apiserver.rules.resources import ResourceType

Render = Callable[[Json], Json]

BOOKMARK_SECONDS = 50.0
"""kopf gives a watch up after 70 s of silence."""
LONGEST_SECONDS = 3600.0


@dataclass(frozen=True)
class WatchOptions:
    """Query parameters of a watch."""

    version: str = ""
    timeout: float | None = None
    bookmarks: bool = False
    initial_events: bool | None = None
    """sendInitialEvents; None if it was not given."""
    match_version: str = ""


@dataclass(frozen=True)
class Watch:
    """One client's watch of one resource."""

    storage: Storage
    resource: ResourceType
    namespace: str | None
    selects: Predicate | None
    options: WatchOptions
    render: Render | None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Stream events as lines of JSON."""
        self._check()
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Cache-Control": "no-cache"})
        await response.prepare(request)
        # A watcher leaves when it likes; then there is nobody to tell.
        with contextlib.suppress(ConnectionResetError):
            async for chunk in self._chunks():
                await response.write(chunk)
        return response

    def _check(self) -> None:
        """Raise ApiError 422 for options that make no sense."""
        match, initial = self.options.match_version, self.options.initial_events
        path = "resourceVersionMatch"
        mistakes = []
        if initial is not None and match != "NotOlderThan":
            mistakes.append(prohibited(path, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
        if match and initial is None:
            text = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
            mistakes.append(prohibited(path, text))
        if match and match != "NotOlderThan":
            mistakes.append(unsupported(path, match, ["NotOlderThan"]))
        if mistakes:
            raise errors.invalid_options(mistakes)
        version = self.options.version
        if version and not version.isdigit():
            text = (
                f'resourceVersion: Invalid value: "{version}": strconv.ParseUint: parsing "{version}": invalid syntax'
            )
            raise errors.ApiError(500, "", text)  # 500 and no reason, as on the real server

    async def _chunks(self) -> AsyncIterator[bytes]:
        queue: asyncio.Queue[Event] = asyncio.Queue()
        stop = self.storage.listen(self.resource.stored_as, queue.put_nowait)
        try:
            try:
                first = self._beginning()
            except errors.ApiError as error:
                yield _line("ERROR", error.status())
                return
            yield first
            async for chunk in self._live(queue):
                yield chunk
        finally:
            stop()

    def _beginning(self) -> bytes:
        """The current objects, or what happened since a version. Raises ApiError 410."""
        options, version = self.options, self.options.version
        if version not in ("", "0") and not options.initial_events:
            asked = int(version)
            if asked < self.storage.oldest:
                raise errors.expired(asked, self.storage.oldest)
            events = self.storage.events_since(self.resource.stored_as, asked)
            return b"".join(line for line in map(self._line_of, events) if line)
        objects = [
            obj for obj in self.storage.select(self.resource.stored_as, self.namespace) if self._is_selected(obj)
        ]
        lines = [self._initial_line(obj) for obj in objects]
        if options.initial_events and options.bookmarks:
            lines.append(self._bookmark({"k8s.io/initial-events-end": "true"}))
        return b"".join(lines)

    async def _live(self, queue: asyncio.Queue[Event]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        longest = self.options.timeout or LONGEST_SECONDS * random.uniform(0.5, 1.0)
        end = loop.time() + longest
        bookmark_at = loop.time() + BOOKMARK_SECONDS
        while (remaining := end - loop.time()) > 0:
            pause = min(remaining, bookmark_at - loop.time()) if self.options.bookmarks else remaining
            try:
                event = await asyncio.wait_for(queue.get(), max(pause, 0.01))
            except TimeoutError:
                if self.options.bookmarks and loop.time() >= bookmark_at:
                    # A resume point that is newer than the last event; kopf wants one even if nothing happened.
                    yield self._bookmark({})
                    bookmark_at = loop.time() + BOOKMARK_SECONDS
                continue
            lines = [self._line_of(event)]
            while not queue.empty():
                lines.append(self._line_of(queue.get_nowait()))
            chunk = b"".join(line for line in lines if line)
            if chunk:
                yield chunk

    def _line_of(self, event: Event) -> bytes:
        """An event as this watch sees it: leaving the selection is a deletion, entering it an addition."""
        is_in = event.type != "DELETED" and self._is_visible(event.object)
        was_in = event.previous is not None and self._is_visible(event.previous)
        if not (is_in or was_in):
            return b""
        kind = "MODIFIED" if is_in and was_in else "ADDED" if is_in else "DELETED"
        if kind == "DELETED" and event.type != "DELETED" and event.previous is not None:
            # Who leaves the selection is shown as it was while it was in it, with the version of its leaving.
            version = {"resourceVersion": str(event.version)}
            last = event.previous | {"metadata": event.previous["metadata"] | version}
            return _line(kind, self.render(last) if self.render is not None else last)
        if self.render is not None:
            return _line(kind, self.render(event.object))
        return b'{"type":"%b","object":%b}\n' % (kind.encode(), event.body)

    def _is_visible(self, obj: Json) -> bool:
        namespace = obj["metadata"].get("namespace", "")
        return (self.namespace is None or namespace == self.namespace) and self._is_selected(obj)

    def _is_selected(self, obj: Json) -> bool:
        return self.selects is None or self.selects(obj)

    def _initial_line(self, obj: Json) -> bytes:
        if self.render is not None:
            return _line("ADDED", self.render(obj))
        return b'{"type":"ADDED","object":%b}\n' % self.storage.encoded(self.resource.stored_as, obj)

    def _bookmark(self, annotations: dict[str, str]) -> bytes:
        metadata: Json = {"resourceVersion": str(self.storage.version)}
        if annotations:
            metadata["annotations"] = annotations
        head = {"kind": self.resource.kind, "apiVersion": self.resource.api_version}
        return _line("BOOKMARK", head | {"metadata": metadata})


def _line(kind: str, obj: Json) -> bytes:
    return encode({"type": kind, "object": obj}) + b"\n"

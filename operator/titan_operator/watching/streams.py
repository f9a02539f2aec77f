"""Reads changes from kopf's watches before kopf sees them, and leaves a bookmark in their place.

kopf keeps the watches alive: it lists, follows, connects again, and begins anew after 410. What it does with a single
event (queues, copies, loggers, the search for causes) serves kinds of handlers that we do not have, and costs more than
all that we make of the event. A BOOKMARK is Kubernetes' own word for "you have seen all up to this resourceVersion", so
kopf goes on from the right place after a gap. Lists and DELETED stay with kopf, which must forget what it has listed.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, cast

import aiohttp

from titan_api.json_types import Raw

TAKEN_TYPES = ("ADDED", "MODIFIED")

Take = Callable[[Raw], None]
"""Receives the state of an object."""


def take_changes(takes: Mapping[str, Take]) -> aiohttp.ClientMiddlewareType:
    """For the session that kopf watches with; ``takes`` has the receiver of changes by plural of the resource."""

    async def middleware(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        answer = await handler(request)
        take = takes.get(request.url.name)
        if take is not None and "watch" in request.url.query and answer.status == 200:
            answer.content = cast(aiohttp.StreamReader, FilteredContent(answer.content, take))
        return answer

    return middleware


class FilteredContent:
    """The content of a watch without the changes; everything else is delegated to the content itself."""

    def __init__(self, content: aiohttp.StreamReader, take: Take) -> None:
        self._content = content
        self._take = take

    def __getattr__(self, name: str) -> Any:
        return getattr(self._content, name)

    async def iter_chunked(self, size: int) -> AsyncIterator[bytes]:
        """Whole lines: kopf reads its watches by this."""
        rest = b""
        async for chunk in self._content.iter_chunked(size):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in filter_changes(lines, self._take):
                yield line + b"\n"
        if rest:
            yield rest


def filter_changes(lines: Iterable[bytes], take: Take) -> list[bytes]:
    """The lines for kopf to read. Lines that cannot be parsed are left in, so that kopf reports them."""
    left: list[bytes] = []
    newest: Raw | None = None
    for line in lines:
        change = _read_change(line)
        if change is not None:
            take(change)
        elif newest is not None:
            left += [_bookmark(newest), line]
        else:
            left.append(line)
        newest = change
    return left if newest is None else [*left, _bookmark(newest)]


def _read_change(line: bytes) -> Raw | None:
    try:
        event = json.loads(line)
        raw: Raw = event["object"]
        is_change = event["type"] in TAKEN_TYPES and isinstance(raw["metadata"]["resourceVersion"], str)
    except (ValueError, KeyError, TypeError):
        return None
    return raw if is_change else None


def _bookmark(change: Raw) -> bytes:
    version = change["metadata"]["resourceVersion"]
    event = {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": version}}}
    return json.dumps(event, separators=(",", ":")).encode()

"""The stream of changes (server-sent events): what is different now, so that a page asks again for what it shows.

Each viewer has only a place in the sequence of changes. The first change is told at once, those that follow closely
are told together; in between a heartbeat now and then shows both ends that the other is there: nothing closes the
connection to a store that hangs, and its page would wait for ever.
"""

import asyncio
import json

from aiohttp import hdrs, web

from titan_store.api import keys
from titan_store.api.follows import count_follower
from titan_store.api.http.operations import Answer, Call, Content, Declaration
from titan_store.api.views.documents import ChangesMessage
from titan_store.api.views.queries import NamespaceQuery
from titan_store.auth.visibility import Sight
from titan_store.views.audiences import Audience
from titan_store.views.cached.cache import Change
from titan_store.views.changes import Told

EVENT_STREAM = "text/event-stream"
LAST_EVENT_ID = "Last-Event-ID"
GATHER_SECONDS, PERIOD_SECONDS = 0.02, 0.1
"""Changes within the first are sent together; at most one message is sent in each of the second."""
RETRY_MILLISECONDS = 1000
HEARTBEAT = b"event: heartbeat\ndata: {}\n\n"
"""An event rather than a comment, because browsers do not report comments to the page."""
AUDIENCE: web.AppKey[Audience] = web.AppKey("audience", Audience)
HEADERS = {hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"}


@Declaration(
    "GET /v1/views/changes",
    "Stream the changes of what the viewer may see, in messages of type `changes`. "
    "While nothing changes, a message of type `heartbeat` comes every 20 seconds. "
    "With `Last-Event-ID` the stream resumes where it broke off.",
    {200: Answer("Server-sent events, for five minutes.", Content(EVENT_STREAM, ChangesMessage))},
    signed_in=True,
    headers=(LAST_EVENT_ID,),
    refusals=((429, "TooManyStreams"),),
)
async def stream_changes(call: Call[NamespaceQuery]) -> web.StreamResponse:
    """Stream until the time is up, the client has gone or the store ends."""
    sight = await call.app[keys.VISIBILITY].of_all_kinds(call.caller.identity, call.query.namespace)
    views = call.app[keys.VIEWS]
    seat = call.app[AUDIENCE].seat(call.caller.identity.username)
    with seat, views.watched(), count_follower(call.request):
        await views.ready()
        response = web.StreamResponse(headers=HEADERS)
        response.content_type, response.charset = EVENT_STREAM, "utf-8"
        await response.prepare(call.request)
        place = call.request.headers.get(LAST_EVENT_ID) or views.changes.place
        try:
            await _Stream(call, response, sight, place).run()
            await response.write_eof()
        except ConnectionError:
            return response  # The viewer has closed the page.
    return response


class _Stream:
    """One viewer's place in the sequence."""

    def __init__(self, call: Call[NamespaceQuery], response: web.StreamResponse, sight: Sight, place: str) -> None:
        self._pulses = call.app[keys.PULSES]
        self._settings = call.app[keys.SETTINGS]
        self._views = call.app[keys.VIEWS]
        self._request = call.request
        self._response = response
        self._sight = sight
        self._place = place

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        silence = self._settings.heartbeat_seconds
        end, heartbeat = loop.time() + self._settings.changes_seconds, loop.time() + silence
        await self._response.write(f"retry: {RETRY_MILLISECONDS}\nid: {self._place}\n\n".encode())
        while loop.time() < end and not self._pulses.is_closing and self._request.transport is not None:
            ticket = self._views.pulse.take_ticket()
            if await self._send_new():
                heartbeat = loop.time() + silence
                await asyncio.sleep(PERIOD_SECONDS - GATHER_SECONDS)
            elif loop.time() >= heartbeat:
                await self._response.write(HEARTBEAT)
                heartbeat = loop.time() + silence
            done, _ = await asyncio.wait({ticket}, timeout=max(min(end, heartbeat) - loop.time(), 0))
            if done and not self._pulses.is_closing:
                await asyncio.sleep(GATHER_SECONDS)

    async def _send_new(self) -> bool:
        told = self._views.changes.since(self._place, self._sight)
        self._place = told.place
        if not told.items and not told.all:
            return False
        await self._response.write(format_event(told))
        return True


def format_event(told: Told) -> bytes:
    """A message of the stream."""
    content = json.dumps({"items": list(map(_describe, told.items)), "all": told.all}, ensure_ascii=False)
    return f"event: changes\nid: {told.place}\ndata: {content}\n\n".encode()


def _describe(change: Change) -> dict[str, str]:
    return {name: value for name, value in change._asdict().items() if value is not None}


OPERATIONS = (stream_changes,)

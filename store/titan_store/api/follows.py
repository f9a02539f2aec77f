"""Sending a log, perhaps while it grows: each follower reads at its own pace and is woken, never polls."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from titan_store.api import keys
from titan_store.api.http.operations import TEXT, Call
from titan_store.api.queries import LogQuery
from titan_store.keeping.backends import AttemptKey, LogState
from titan_store.keeping.contents import Content
from titan_store.keeping.pulses import Pulse

ATTEMPT_HEADER = "X-Titan-Attempt"
COMPLETE_HEADER = "X-Titan-Log-Complete"
PIECE_BYTES = 2**18
LOOK_SECONDS = 5.0
"""How soon the store notices that a follower's client is gone, if nothing is appended meanwhile."""


async def find_log(call: Call[LogQuery], deadline: float) -> LogState | None:
    """The log that was asked for; waits for it until the deadline, in seconds of the loop's clock."""
    pulse = _pulse(call)
    while True:
        ticket = pulse.take_ticket()
        state = await _look(call)
        if state is not None or not await wait(call.request, ticket, deadline):
            return state


async def send_log(call: Call[LogQuery], state: LogState, deadline: float) -> web.StreamResponse:
    """The log from the offset on; following, until it is complete or the deadline has passed."""
    response = web.StreamResponse()
    response.content_type, response.charset = TEXT, "utf-8"
    response.headers[ATTEMPT_HEADER] = str(state.attempt)
    response.headers[COMPLETE_HEADER] = "true" if state.is_complete else "false"
    key = AttemptKey(call.namespace, call.query.job, state.attempt)
    offset = call.query.offset
    if not call.query.follow:
        response.content_length = max(state.size - offset, 0)
    await response.prepare(call.request)
    async with call.app[keys.LOGS].open(key) as content:
        offset = await _send(response, content, offset, state.size)
    if call.query.follow and not state.is_complete:
        with count_follower(call.request):
            await _follow(call, response, key, offset, deadline)
    await response.write_eof()
    return response


async def _follow(
    call: Call[LogQuery], response: web.StreamResponse, key: AttemptKey, offset: int, deadline: float
) -> None:
    logs, pulse = call.app[keys.LOGS], _pulse(call)
    while True:
        ticket = pulse.take_ticket()
        state = await logs.index.state(key)
        if state is None:  # Retention has removed it.
            return
        if state.size > offset:
            async with logs.open(key) as content:
                offset = await _send(response, content, offset, state.size)
        if state.is_complete or not await wait(call.request, ticket, deadline):
            return


async def _send(response: web.StreamResponse, content: Content | None, offset: int, size: int) -> int:
    """Send the bytes in between; returns where they end."""
    while content is not None and offset < size:
        piece = await content.read(offset, min(PIECE_BYTES, size - offset))
        if not piece:
            raise ConnectionResetError("the log is shorter than its size")
        await response.write(piece)
        offset += len(piece)
    return offset


async def wait(request: web.Request, ticket: asyncio.Future[None], deadline: float) -> bool:
    """Wait for the ticket; False: the time is up, the client is gone, or the store is about to end."""
    pulses, loop = request.app[keys.PULSES], asyncio.get_running_loop()
    while not ticket.done():
        rest = deadline - loop.time()
        if rest <= 0 or pulses.is_closing or request.transport is None:
            return False
        await asyncio.wait({ticket}, timeout=min(rest, LOOK_SECONDS))
    return not pulses.is_closing


@contextmanager
def count_follower(request: web.Request) -> Iterator[None]:
    """Count the stream in the metrics."""
    metrics = request.app[keys.METRICS]
    metrics.count_followers(1)
    try:
        yield
    finally:
        metrics.count_followers(-1)


async def _look(call: Call[LogQuery]) -> LogState | None:
    index, query = call.app[keys.LOGS].index, call.query
    if query.attempt is not None:
        return await index.state(AttemptKey(call.namespace, query.job, query.attempt))
    states = await index.attempts(call.namespace, query.job)
    return states[-1] if states else None


def _pulse(call: Call[LogQuery]) -> Pulse:
    return call.app[keys.PULSES].of((call.namespace, call.query.job))

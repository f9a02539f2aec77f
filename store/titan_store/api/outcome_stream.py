"""The stream of outcomes, by which the operator learns of an attempt's end within milliseconds and misses none.

A reader keeps the last sequence number together with the store's id, and goes on from there after any interruption.
"""

import asyncio
import json

from aiohttp import web

from titan_store.api import keys
from titan_store.api.documents import Bookmark, OutcomeLine
from titan_store.api.follows import count_follower, wait
from titan_store.api.http.operations import NDJSON, Answer, Call, Content, Declaration
from titan_store.api.queries import OutcomesQuery
from titan_store.auth.gate import Need
from titan_store.keeping.backends import OutcomeRecord

STREAM = "outcomes"
"""Key of the pulse."""
PAGE = 500


@Declaration(
    "GET /v1/outcomes",
    "Outcomes of all namespaces in the order of recording, for the operator.",
    {
        200: Answer(
            "A line of JSON each: a Bookmark, then OutcomeLines and Bookmarks.",
            Content(NDJSON, lines=(Bookmark, OutcomeLine)),
        )
    },
    need=Need("outcomes", "watch"),
    refusals=((410, "SequenceExpired"),),
)
async def stream_outcomes(call: Call[OutcomesQuery]) -> web.StreamResponse:
    """A bookmark where the stream begins, then outcomes; each line is sent at once."""
    outcomes, query = call.app[keys.OUTCOMES], call.query
    sequence = query.after if query.after is not None else await outcomes.newest()
    await outcomes.after(sequence, 0)  # Refused here, a stream that cannot go on still gets its status.
    response = web.StreamResponse()
    response.content_type = NDJSON
    await response.prepare(call.request)
    with count_follower(call.request):
        await _Stream(call, response, sequence, await outcomes.store_id()).run()
    await response.write_eof()
    return response


class _Stream:
    """One reader's place in the sequence."""

    def __init__(self, call: Call[OutcomesQuery], response: web.StreamResponse, sequence: int, store_id: str) -> None:
        self._call = call
        self._response = response
        self._sequence = sequence
        self._store_id = store_id

    async def run(self) -> None:
        """Send until the client's time is up, or all that there is if it does not watch."""
        loop, pulses = asyncio.get_running_loop(), self._call.app[keys.PULSES]
        pulse, silence = pulses.of(STREAM), self._call.app[keys.SETTINGS].bookmark_seconds
        end = loop.time() + self._call.query.timeout_seconds
        await self._send_bookmark()
        while True:
            ticket = pulse.take_ticket()
            await self._send_new()
            if not self._call.query.watch:
                return
            if not await wait(self._call.request, ticket, min(end, loop.time() + silence)):
                if loop.time() >= end or pulses.is_closing or self._call.request.transport is None:
                    return
                await self._send_bookmark()

    async def _send_new(self) -> None:
        while records := await self._call.app[keys.OUTCOMES].after(self._sequence, PAGE):
            await self._response.write("".join(_format(record) for record in records).encode())
            self._sequence = records[-1].sequence

    async def _send_bookmark(self) -> None:
        line = Bookmark(sequence=self._sequence, store_id=self._store_id)
        await self._response.write(line.model_dump_json(by_alias=True).encode() + b"\n")


def _format(record: OutcomeRecord) -> str:
    """See ``documents.OutcomeLine``; the record is given back as it was stored, nulls included, but for the files.

    A manifest may have ten thousand entries, and the operator decides nothing by them.
    """
    outcome = json.loads(record.content)
    for field in ("inputs", "manifest"):
        outcome.pop(field, None)
    line = {
        "type": "OUTCOME",
        "sequence": record.sequence,
        "namespace": record.namespace_name,
        "job": record.key.job,
        "attempt": record.key.attempt,
        "outcome": outcome,
    }
    return json.dumps(line) + "\n"

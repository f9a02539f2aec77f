"""Outcomes of attempts: recorded once by the attempt's own runner."""

from aiohttp import web

from titan_store.api import keys
from titan_store.api.documents import OutcomeDocument
from titan_store.api.http.bodies import read_json
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration
from titan_store.api.outcome_stream import STREAM, stream_outcomes
from titan_store.api.queries import AttemptQuery
from titan_store.auth.gate import Need, require_attempt
from titan_store.errors import NotFound
from titan_store.keeping.backends import AttemptKey

RESOURCE = "outcomes"

_RECORD = Content(JSON, OutcomeDocument)


@Declaration(
    f"PUT {BASE}/outcome",
    "Record how an attempt ended; only its pod may, and the first record stays.",
    {200: Answer("The same outcome was already recorded.", _RECORD), 201: Answer("Recorded and durable.", _RECORD)},
    need=Need(RESOURCE, "create", is_for_attempts=True),
    body=_RECORD,
    refusals=((409, "OutcomeRecorded"), (413, "TooLarge")),
)
async def put_outcome(call: Call[AttemptQuery]) -> web.Response:
    """Record the outcome durably, then wake the operator and the log's followers."""
    query = call.query
    require_attempt(call.caller, query.job, query.attempt)
    document = await read_json(call.request, OutcomeDocument, call.app[keys.SETTINGS].max_json_bytes)
    content = document.model_dump_json(by_alias=True, exclude_unset=True)
    key = AttemptKey(call.namespace, query.job, query.attempt)
    is_new = await call.app[keys.OUTCOMES].record(key, call.caller.namespace, content, call.now)
    if is_new:
        call.app[keys.PULSES].wake(STREAM)
        call.app[keys.PULSES].wake((call.namespace, query.job))
    return _answer(content, 201 if is_new else 200)


@Declaration(
    f"GET {BASE}/outcome",
    "Read how an attempt ended.",
    {200: Answer("The record.", _RECORD)},
    need=Need(RESOURCE, "get"),
    refusals=((404, "OutcomeNotFound"),),
)
async def get_outcome(call: Call[AttemptQuery]) -> web.Response:
    """The record."""
    query = call.query
    content = await call.app[keys.OUTCOMES].get(AttemptKey(call.namespace, query.job, query.attempt))
    if content is None:
        raise NotFound("OutcomeNotFound", f"No outcome of attempt {query.attempt} of job {query.job} is recorded.")
    return _answer(content, 200)


def _answer(content: str, status: int) -> web.Response:
    return web.Response(text=content, status=status, content_type=JSON)


OPERATIONS = (put_outcome, get_outcome, stream_outcomes)

"""Logs of attempts: appended by their runners, read by people, during and after."""

import asyncio

from aiohttp import web

from titan_store.api import keys
from titan_store.api.documents import AppendAnswer, LogItem, LogList
from titan_store.api.follows import ATTEMPT_HEADER, COMPLETE_HEADER, find_log, send_log
from titan_store.api.http.bodies import read_bytes
from titan_store.api.http.operations import BASE, BINARY, JSON, TEXT, Answer, Call, Content, Declaration, as_json
from titan_store.api.queries import AppendQuery, JobQuery, LogQuery
from titan_store.auth.gate import Need, require_attempt
from titan_store.errors import NotFound
from titan_store.keeping.backends import AttemptKey

RESOURCE = "logs"


@Declaration(
    f"POST {BASE}/log",
    "Append to the log of an attempt; only its pod may. Bytes that the log already has are dropped.",
    {200: Answer("Everything up to this size is durable.", Content(JSON, AppendAnswer))},
    need=Need(RESOURCE, "create", is_for_attempts=True),
    body=Content(BINARY),
    grows=True,
    refusals=((409, "LogGap"), (409, "OutcomeRecorded"), (413, "TooLarge")),
)
async def append_log(call: Call[AppendQuery]) -> web.Response:
    """Append durably; bytes that the log already has are dropped, so a runner may repeat itself."""
    query = call.query
    require_attempt(call.caller, query.job, query.attempt)
    data = await read_bytes(call.request, call.app[keys.SETTINGS].max_append_bytes, lambda: "The append")
    key = AttemptKey(call.namespace, query.job, query.attempt)
    size = await call.app[keys.LOGS].append(key, query.offset, data, call.now)
    call.app[keys.PULSES].wake((call.namespace, query.job))
    return as_json(AppendAnswer(size=size))


@Declaration(
    f"GET {BASE}/log",
    "Read a log, or follow it until the attempt has ended.",
    {200: Answer("The log from the offset onwards.", Content(TEXT), (ATTEMPT_HEADER, COMPLETE_HEADER))},
    need=Need(RESOURCE, "get"),
    refusals=((404, "LogNotFound"),),
)
async def get_log(call: Call[LogQuery]) -> web.StreamResponse:
    """Send the log so far, or follow it."""
    deadline = asyncio.get_running_loop().time() + (call.query.timeout_seconds if call.query.follow else 0.0)
    state = await find_log(call, deadline)
    if state is None:
        which = f"attempt {call.query.attempt} of job" if call.query.attempt else "job"
        raise NotFound("LogNotFound", f"There is no log of {which} {call.query.job}.")
    return await send_log(call, state, deadline)


@Declaration(
    f"GET {BASE}/logs",
    "List the logs of a job's attempts.",
    {200: Answer("By attempt.", Content(JSON, LogList))},
    need=Need(RESOURCE, "list"),
)
async def list_logs(call: Call[JobQuery]) -> web.Response:
    """Which attempts have a log."""
    states = await call.app[keys.LOGS].index.attempts(call.namespace, call.query.job)
    items = [LogItem(attempt=state.attempt, size=state.size, complete=state.is_complete) for state in states]
    return as_json(LogList(items=items))


OPERATIONS = (append_log, get_log, list_logs)

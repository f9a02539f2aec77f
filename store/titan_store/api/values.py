"""Values: texts by key."""

from datetime import timedelta

from aiohttp import hdrs, web

from titan_api.times import format_time
from titan_store import pages
from titan_store.api import keys
from titan_store.api.documents import IncrementAnswer, IncrementRequest, ValueItem, ValueList
from titan_store.api.http.bodies import check_text, read_bytes, read_json
from titan_store.api.http.etags import ETAG, format_etag, parse_precondition
from titan_store.api.http.operations import BASE, JSON, TEXT, Answer, Call, Content, Declaration, as_json
from titan_store.api.queries import KeyQuery, ListQuery, PutValueQuery
from titan_store.auth.gate import Need
from titan_store.errors import NotFound
from titan_store.keeping.backends import ValueEntry
from titan_store.names import quote

RESOURCE = "values"

_TAGGED = (ETAG,)
_CONDITIONS = (hdrs.IF_MATCH, hdrs.IF_NONE_MATCH)


@Declaration(
    f"GET {BASE}/value",
    "Read a value.",
    {200: Answer("The value.", Content(TEXT), _TAGGED)},
    need=Need(RESOURCE, "get", allows_anonymous=True),
    refusals=((404, "KeyNotFound"),),
)
async def get_value(call: Call[KeyQuery]) -> web.Response:
    """The value's bytes."""
    value = await call.app[keys.VALUES].get(call.namespace, call.query.key, call.now)
    if value is None:
        raise NotFound("KeyNotFound", f"There is no value of the key {quote(call.query.key)}.")
    headers = {ETAG: format_etag(value.version), "Content-Type": f"{TEXT}; charset=utf-8"}
    return web.Response(body=value.content, headers=headers)


@Declaration(
    f"PUT {BASE}/value",
    "Write a value of UTF-8 text, 1 MiB at most; the answer comes once it is durable.",
    {204: Answer("Written.", headers=_TAGGED)},
    need=Need(RESOURCE, "update", allows_anonymous=True),
    body=Content(TEXT),
    grows=True,
    headers=_CONDITIONS,
    refusals=((412, "PreconditionFailed"), (413, "TooLarge")),
)
async def put_value(call: Call[PutValueQuery]) -> web.Response:
    """Write the value, if the condition holds."""
    condition = parse_precondition(call.request)

    def what() -> str:
        return f"The value of the key {quote(call.query.key)}"

    content = await read_bytes(call.request, call.app[keys.SETTINGS].max_value_bytes, what)
    check_text(content, what)
    now, ttl = call.now, call.query.ttl_seconds
    expires = now + timedelta(seconds=ttl) if ttl else None
    version = await call.app[keys.VALUES].put(call.namespace, call.query.key, content, now, expires, condition)
    return web.Response(status=204, headers={ETAG: format_etag(version)})


@Declaration(
    f"DELETE {BASE}/value",
    "Delete a value.",
    {204: Answer("Deleted.")},
    need=Need(RESOURCE, "delete", allows_anonymous=True),
    headers=_CONDITIONS,
    refusals=((404, "KeyNotFound"), (412, "PreconditionFailed")),
)
async def delete_value(call: Call[KeyQuery]) -> web.Response:
    """Delete the value, if the condition holds."""
    condition = parse_precondition(call.request)
    await call.app[keys.VALUES].delete(call.namespace, call.query.key, call.now, condition)
    return web.Response(status=204)


@Declaration(
    f"POST {BASE}/value/increment",
    "Add to a value that is an integer; a missing one counts as 0.",
    {200: Answer("The sum.", Content(JSON, IncrementAnswer))},
    need=Need(RESOURCE, "update", allows_anonymous=True),
    body=Content(JSON, IncrementRequest),
    grows=True,
    refusals=((409, "NotAnInteger"), (413, "TooLarge")),
)
async def increment_value(call: Call[KeyQuery]) -> web.Response:
    """Add to a number, atomically."""
    wanted = await read_json(call.request, IncrementRequest, call.app[keys.SETTINGS].max_json_bytes)
    total = await call.app[keys.VALUES].increment(call.namespace, call.query.key, wanted.by, call.now)
    return as_json(IncrementAnswer(value=total))


@Declaration(
    f"GET {BASE}/values",
    "List keys by prefix.",
    {200: Answer("A page.", Content(JSON, ValueList))},
    need=Need(RESOURCE, "list", allows_anonymous=True),
)
async def list_values(call: Call[ListQuery]) -> web.Response:
    """A page of keys."""
    query = call.query
    values, after, limit = call.app[keys.VALUES], pages.decode(query.after), query.page_size
    found = await values.page(call.namespace, query.prefix, after, limit + 1, call.now)
    page, following = pages.cut(found, limit, lambda entry: entry.key)
    return as_json(ValueList(items=list(map(_item, page)), following=following))


def _item(entry: ValueEntry) -> ValueItem:
    return ValueItem(
        key=entry.key,
        size=entry.size,
        etag=format_etag(entry.version),
        update_time=format_time(entry.updated),
        expire_time=format_time(entry.expires) if entry.expires else None,
    )


OPERATIONS = (get_value, put_value, delete_value, increment_value, list_values)

"""Sets: members in order of addition. A set and a value may have the same key; neither sees the other."""

from aiohttp import web

from titan_store import pages
from titan_store.api import keys
from titan_store.api.documents import AddedAnswer, MemberRequest, MembersAnswer, RemovedAnswer, SetItem, SetList
from titan_store.api.http.bodies import read_json
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.queries import KeyQuery, ListQuery
from titan_store.api.values import RESOURCE
from titan_store.auth.gate import Need
from titan_store.errors import TooLarge
from titan_store.names import quote


@Declaration(
    f"POST {BASE}/set/add",
    "Add a member to a set.",
    {200: Answer("1 if it is new, 0 if it was there.", Content(JSON, AddedAnswer))},
    need=Need(RESOURCE, "update", allows_anonymous=True),
    body=Content(JSON, MemberRequest),
    grows=True,
    refusals=((413, "TooLarge"),),
)
async def add_member(call: Call[KeyQuery]) -> web.Response:
    """Add, and say whether it was new."""
    member = await _read_member(call)
    is_new = await call.app[keys.SETS].add(call.namespace, call.query.key, member)
    return as_json(AddedAnswer(added=1 if is_new else 0))


@Declaration(
    f"POST {BASE}/set/remove",
    "Remove a member from a set.",
    {200: Answer("1 if it was there, 0 if not.", Content(JSON, RemovedAnswer))},
    need=Need(RESOURCE, "update", allows_anonymous=True),
    body=Content(JSON, MemberRequest),
    refusals=((413, "TooLarge"),),
)
async def remove_member(call: Call[KeyQuery]) -> web.Response:
    """Remove, and say whether it was there."""
    member = await _read_member(call)
    was_there = await call.app[keys.SETS].remove(call.namespace, call.query.key, member)
    return as_json(RemovedAnswer(removed=1 if was_there else 0))


@Declaration(
    f"GET {BASE}/set",
    "Read a set; a missing one is empty.",
    {200: Answer("The members in order of addition.", Content(JSON, MembersAnswer))},
    need=Need(RESOURCE, "get", allows_anonymous=True),
)
async def get_set(call: Call[KeyQuery]) -> web.Response:
    """All members."""
    return as_json(MembersAnswer(members=await call.app[keys.SETS].members(call.namespace, call.query.key)))


@Declaration(
    f"DELETE {BASE}/set",
    "Delete a set.",
    {204: Answer("There is no such set now.")},
    need=Need(RESOURCE, "delete", allows_anonymous=True),
)
async def delete_set(call: Call[KeyQuery]) -> web.Response:
    """Delete the set; a missing one is no error."""
    await call.app[keys.SETS].delete(call.namespace, call.query.key)
    return web.Response(status=204)


@Declaration(
    f"GET {BASE}/sets",
    "List the sets by key.",
    {200: Answer("A page.", Content(JSON, SetList))},
    need=Need(RESOURCE, "list", allows_anonymous=True),
)
async def list_sets(call: Call[ListQuery]) -> web.Response:
    """A page of keys."""
    query, limit = call.query, call.query.page_size
    sets = call.app[keys.SETS]
    found = await sets.page(call.namespace, query.prefix, pages.decode(query.after), limit + 1)
    page, following = pages.cut(found, limit, lambda entry: entry.key)
    items = [SetItem(key=entry.key, members=entry.members) for entry in page]
    return as_json(SetList(items=items, total=await sets.count(call.namespace, query.prefix), following=following))


async def _read_member(call: Call[KeyQuery]) -> str:
    settings = call.app[keys.SETTINGS]
    member = (await read_json(call.request, MemberRequest, settings.max_json_bytes)).member
    if len(member.encode()) > settings.max_value_bytes:
        key, limit = quote(call.query.key), settings.max_value_bytes
        raise TooLarge(f"The member for the set {key} has more than {limit} bytes.")
    return member


OPERATIONS = (add_member, remove_member, get_set, list_sets, delete_set)

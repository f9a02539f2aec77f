"""Files: bytes of any size by name, replaced in one step."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from titan_api.times import format_time
from titan_store import pages
from titan_store.api import keys
from titan_store.api.documents import FileItem, FileList
from titan_store.api.http import digests
from titan_store.api.http.bodies import stream_body
from titan_store.api.http.downloads import CONTENT, RANGE_HEADERS, name_file, send_object
from titan_store.api.http.operations import BASE, BINARY, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.queries import FileQuery, ListQuery
from titan_store.auth.gate import Need
from titan_store.directory.objects import FILES_DIRECTORY
from titan_store.errors import InsufficientStorage, NotFound
from titan_store.keeping.backends import FileEntry
from titan_store.keeping.contents import Content as OpenContent

RESOURCE = "files"

_MISSING = (404, "FileNotFound")


@Declaration(
    f"PUT {BASE}/file",
    "Write a file; readers get the old or the new content, never a mixture.",
    {201: Answer("Written and durable.", Content(JSON, FileItem))},
    need=Need(RESOURCE, "update", allows_anonymous=True),
    body=Content(BINARY),
    grows=True,
    headers=(digests.REPR_DIGEST,),
    refusals=((400, "DigestMismatch"),),
)
async def put_file(call: Call[FileQuery]) -> web.Response:
    """Receive the bytes, check them, make them durable, then point the name to them."""
    request, name = call.request, call.query.name
    expected = digests.parse_header(request.headers.get(digests.REPR_DIGEST))
    size = request.content_length or 0
    call.app[keys.SPACE].check(size)
    await call.app[keys.FILES].check_room(call.namespace, name, size)
    store = call.app[keys.BYTES]
    async with store.stage(stream_body(request)) as staged:
        digests.check(expected, staged.digest, name_file(name))
        token = secrets.token_hex(16)
        object_key = f"{FILES_DIRECTORY}/{call.namespace}/{token[:2]}/{token}"
        await store.publish(staged, object_key)
        entry = FileEntry(name, object_key, staged.size, staged.digest, call.now)
        try:
            replaced = await call.app[keys.FILES].put(call.namespace, entry)
        except InsufficientStorage:
            await store.delete(object_key)  # The quota was used up meanwhile.
            raise
    if replaced is not None:
        await store.delete(replaced)
    return as_json(_item(entry), 201)


@Declaration(
    f"GET {BASE}/file",
    "Read a file or a range of it.",
    CONTENT,
    need=Need(RESOURCE, "get", allows_anonymous=True),
    headers=RANGE_HEADERS,
    refusals=(_MISSING, (416, "RangeNotSatisfiable")),
)
async def get_file(call: Call[FileQuery]) -> web.StreamResponse:
    """Send the content, or a range of it."""
    async with _open(call) as (entry, content):
        return await send_object(call.request, content, entry.digest, name_file(entry.name))


@asynccontextmanager
async def _open(call: Call[FileQuery]) -> AsyncIterator[tuple[FileEntry, OpenContent]]:
    """The file as it is now; looks again if the file is replaced between the lookup and the opening."""
    gone = NotFound("FileNotFound", f"There is no {name_file(call.query.name).removeprefix('the ')}.")
    last_key = ""
    while True:
        entry = await call.app[keys.FILES].get(call.namespace, call.query.name)
        if entry is None or entry.object_key == last_key:
            raise gone
        async with call.app[keys.BYTES].open(entry.object_key) as content:
            if content is not None:
                yield entry, content
                return
        last_key = entry.object_key


@Declaration(
    f"DELETE {BASE}/file",
    "Delete a file; whoever is reading it can finish.",
    {204: Answer("Deleted.")},
    need=Need(RESOURCE, "delete", allows_anonymous=True),
    refusals=(_MISSING,),
)
async def delete_file(call: Call[FileQuery]) -> web.Response:
    """Forget the name, then free the bytes."""
    free = await call.app[keys.FILES].delete(call.namespace, call.query.name)
    if free is None:
        raise NotFound("FileNotFound", f"There is no {name_file(call.query.name).removeprefix('the ')}.")
    await call.app[keys.BYTES].delete(free)
    return web.Response(status=204)


@Declaration(
    f"GET {BASE}/files",
    "List files by prefix.",
    {200: Answer("A page.", Content(JSON, FileList))},
    need=Need(RESOURCE, "list", allows_anonymous=True),
)
async def list_files(call: Call[ListQuery]) -> web.Response:
    """A page of names."""
    query, limit = call.query, call.query.page_size
    found = await call.app[keys.FILES].page(call.namespace, query.prefix, pages.decode(query.after), limit + 1)
    page, following = pages.cut(found, limit, lambda entry: entry.name)
    return as_json(FileList(items=list(map(_item, page)), following=following))


def _item(entry: FileEntry) -> FileItem:
    digest, updated = digests.format_digest(entry.digest), format_time(entry.updated)
    return FileItem(name=entry.name, size=entry.size, digest=digest, update_time=updated)


OPERATIONS = (put_file, get_file, get_file.head("headFile", "Size and digest of a file."), delete_file, list_files)

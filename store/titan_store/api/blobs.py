"""Blobs: bytes under their own digest, so writing one twice changes nothing and a reader can check what it got."""

from aiohttp import web

from titan_api.digests import PREFIX
from titan_store.api import keys
from titan_store.api.documents import BlobAnswer
from titan_store.api.http import digests
from titan_store.api.http.bodies import stream_body
from titan_store.api.http.downloads import CONTENT, RANGE_HEADERS, send_object
from titan_store.api.http.operations import BASE, BINARY, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.queries import BlobQuery
from titan_store.auth.gate import Need
from titan_store.errors import NotFound

RESOURCE = "files"


@Declaration(
    f"PUT {BASE}/blob",
    "Write a blob under its digest.",
    {
        200: Answer("It was there already; the body may be left unread.", Content(JSON, BlobAnswer)),
        201: Answer("Written and durable.", Content(JSON, BlobAnswer)),
    },
    need=Need(RESOURCE, "create"),
    body=Content(BINARY),
    grows=True,
    refusals=((400, "DigestMismatch"),),
)
async def put_blob(call: Call[BlobQuery]) -> web.Response:
    """Receive and keep the blob, unless it is there already."""
    shelf, digest = call.app[keys.SHELF], _hexadecimal(call)
    size = call.request.content_length or 0
    known = await shelf.touch(call.namespace, digest, call.now)
    if known is not None:
        return as_json(BlobAnswer(digest=call.query.digest, size=known), 200)
    call.app[keys.SPACE].check(size)
    await call.app[keys.FILES].check_room(call.namespace, "", size)
    async with shelf.stage(stream_body(call.request)) as staged:
        digests.check(digest, staged.digest, "the blob")
        await shelf.publish(call.namespace, digest, staged, call.now)
    return as_json(BlobAnswer(digest=call.query.digest, size=staged.size), 201)


@Declaration(
    f"GET {BASE}/blob",
    "Read a blob or a range of it.",
    CONTENT,
    need=Need(RESOURCE, "get"),
    headers=RANGE_HEADERS,
    refusals=((404, "BlobNotFound"), (416, "RangeNotSatisfiable")),
)
async def get_blob(call: Call[BlobQuery]) -> web.StreamResponse:
    """Send the content, or a range of it. A look counts as a use: whoever asks for a blob is about to need it."""
    shelf, digest = call.app[keys.SHELF], _hexadecimal(call)
    missing = NotFound("BlobNotFound", f"There is no blob {call.query.digest}.")
    if await shelf.touch(call.namespace, digest, call.now) is None:
        raise missing
    async with shelf.open(call.namespace, digest) as content:
        if content is None:
            raise missing
        return await send_object(call.request, content, digest, f"the blob {call.query.digest}")


def _hexadecimal(call: Call[BlobQuery]) -> str:
    return call.query.digest.removeprefix(PREFIX)


OPERATIONS = (put_blob, get_blob, get_blob.head("headBlob", "Whether a blob is there, and its size."))

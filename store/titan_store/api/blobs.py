"""Blobs: bytes under their own digest, so that writing one again is nothing and reading one is always right."""

from aiohttp import hdrs, web

from titan_store import keys
from titan_store.api import digests
from titan_store.api.bodies import stream_body
from titan_store.api.documents import BlobAnswer
from titan_store.api.downloads import HEADERS, RANGE_HEADERS, send_object
from titan_store.api.operations import BASE, BINARY, JSON, Answer, Call, Content, Operation, as_json
from titan_store.api.queries import BlobQuery
from titan_store.auth.gate import Need
from titan_store.errors import NotFound

RESOURCE = "files"
DIRECTORY = "blobs"


async def put_blob(call: Call[BlobQuery]) -> web.Response:
    """Receive and keep, unless it is there."""
    store, digest = call.app[keys.BYTES], call.query.digest.removeprefix(digests.PREFIX)
    key, answer = _object_key(call), BlobAnswer(digest=call.query.digest)
    async with store.open(key) as content:
        if content is not None:
            return as_json(answer.model_copy(update={"size": content.size}), 200)
    call.app[keys.SPACE].check(call.request.content_length or 0)
    async with store.stage(stream_body(call.request)) as staged:
        digests.check(digest, staged.digest, "the blob")
        await store.publish(staged, key)
    return as_json(answer.model_copy(update={"size": staged.size}), 201)


async def get_blob(call: Call[BlobQuery]) -> web.StreamResponse:
    """The content, or a range of it."""
    async with call.app[keys.BYTES].open(_object_key(call)) as content:
        if content is None:
            raise NotFound("BlobNotFound", f"There is no blob {call.query.digest}.")
        digest = call.query.digest.removeprefix(digests.PREFIX)
        return await send_object(call.request, content, digest, f"the blob {call.query.digest}")


def _object_key(call: Call[BlobQuery]) -> str:
    digest = call.query.digest.removeprefix(digests.PREFIX)
    return f"{DIRECTORY}/{call.namespace}/{digest[:2]}/{digest}"


_FULL = Answer("The content.", Content(BINARY), HEADERS)
_PART = Answer("The range.", Content(BINARY), (*HEADERS, hdrs.CONTENT_RANGE))
_REFUSALS = ((404, "BlobNotFound"), (416, "RangeNotSatisfiable"))

OPERATIONS = (
    Operation(
        "putBlob",
        "PUT",
        f"{BASE}/blob",
        put_blob,
        "Write a blob under its digest.",
        {
            200: Answer("It was there; the body may be left unread.", Content(JSON, BlobAnswer)),
            201: Answer("Written and durable.", Content(JSON, BlobAnswer)),
        },
        query=BlobQuery,
        need=Need(RESOURCE, "create"),
        body=Content(BINARY),
        grows=True,
        refusals=((400, "DigestMismatch"),),
    ),
    Operation(
        "getBlob",
        "GET",
        f"{BASE}/blob",
        get_blob,
        "Read a blob or a range of it.",
        {200: _FULL, 206: _PART},
        query=BlobQuery,
        need=Need(RESOURCE, "get"),
        headers=RANGE_HEADERS,
        refusals=_REFUSALS,
    ),
    Operation(
        "headBlob",
        "HEAD",
        f"{BASE}/blob",
        get_blob,
        "Whether a blob is there, and its size.",
        {200: Answer("As GET, without the content.", headers=HEADERS), 206: Answer("As GET, without the content.")},
        query=BlobQuery,
        need=Need(RESOURCE, "get"),
        headers=RANGE_HEADERS,
        refusals=_REFUSALS,
    ),
)

"""Sending an object: whole, or the one range that was asked for."""

import asyncio
from typing import NamedTuple

from aiohttp import hdrs, web

from titan_api.digests import repr_digest
from titan_store.api.http import digests, operations
from titan_store.api.http.etags import ETAG, format_etag
from titan_store.api.http.operations import BINARY, Answer
from titan_store.errors import RangeNotSatisfiable
from titan_store.keeping.contents import Content, LocalFile
from titan_store.names import quote

PIECE_BYTES = 2**20
"""Bytes read in one visit to a thread; a download that the kernel cannot send has two such pieces in memory."""
SENT_BYTES = 2**23
"""Bytes that the kernel sends at a time: none of them is in our memory, and each piece costs a visit to a thread."""
SMALL_BYTES = 2**18
"""Up to this size, reading and writing a file is quicker than leaving it to the kernel."""
HEADERS = (ETAG, digests.REPR_DIGEST, hdrs.ACCEPT_RANGES)
CONTENT = {
    200: Answer("The content.", operations.Content(BINARY), HEADERS),
    206: Answer("The range.", operations.Content(BINARY), (*HEADERS, hdrs.CONTENT_RANGE)),
}
"""What an operation that sends an object answers."""
RANGE_HEADERS = (hdrs.RANGE, hdrs.IF_RANGE)


class Span(NamedTuple):
    """Bytes from ``start`` up to, not including, ``end``."""

    start: int
    end: int


async def send_object(request: web.Request, content: Content, digest: str, what: str) -> web.StreamResponse:
    """Answer GET or HEAD. ``Repr-Digest`` is that of the whole, also for a range."""
    spelled = digests.format_digest(digest)
    etag = format_etag(spelled)
    span = find_span(request, content.size, etag, what)
    start, end = span or Span(0, content.size)
    response = web.StreamResponse(status=206 if span else 200)
    response.content_type = BINARY
    response.content_length = end - start
    response.headers[ETAG] = etag
    response.headers[hdrs.ACCEPT_RANGES] = "bytes"
    response.headers[digests.REPR_DIGEST] = repr_digest(spelled)
    if span:
        response.headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{end - 1}/{content.size}"
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        local, transport = content.local_file, request.transport
        if local is not None and transport is not None and not request.secure and end - start > SMALL_BYTES:
            await _send_file(transport, local, start, end, what)
        else:
            await _send(response, content, start, end, what)
    await response.write_eof()
    return response


async def _send_file(transport: asyncio.Transport, local: LocalFile, start: int, end: int, what: str) -> None:
    """The kernel sends pieces that a thread has warmed before, so the event loop never waits for the disk."""
    loop = asyncio.get_running_loop()
    await local.warm(start, min(SENT_BYTES, end - start))
    while start < end:
        count, following = min(SENT_BYTES, end - start), min(start + SENT_BYTES, end)
        warming = asyncio.create_task(local.warm(following, min(SENT_BYTES, end - following)))
        try:
            if transport.is_closing():
                raise ConnectionResetError(f"the client left before the end of {what}")
            sent = await loop.sendfile(transport, local.file, start, count)
        finally:
            await warming  # The file is closed next, perhaps, so no thread may still have it.
        if sent < count:
            raise ConnectionResetError(f"{what} is shorter than its size")
        start = following


async def _send(response: web.StreamResponse, content: Content, start: int, end: int, what: str) -> None:
    """The next piece is read from the disk while the one before it is on its way."""

    async def read(offset: int) -> bytes:
        return await content.read(offset, min(PIECE_BYTES, end - offset)) if offset < end else b""

    piece = await read(start)
    while start < end:
        if not piece:
            raise ConnectionResetError(f"{what} is shorter than its size")
        start += len(piece)
        _, piece = await asyncio.gather(response.write(piece), read(start))


def find_span(request: web.Request, size: int, etag: str, what: str) -> Span | None:
    """The one range that the request asks for; None: send the whole.

    A malformed range, several ranges, or an If-Range that names another content are answered with the whole, as RFC
    9110 permits. Raises RangeNotSatisfiable.
    """
    if request.headers.get(hdrs.IF_RANGE, etag) != etag:
        return None
    try:
        wanted = request.http_range
    except ValueError:
        return None
    if wanted.start is None and wanted.stop is None:
        return None
    start, end, _ = wanted.indices(size)
    if start >= end:
        raise RangeNotSatisfiable(f"The range begins beyond the end of {what}, which has {size} bytes.", size)
    return Span(start, end)


def name_file(name: str) -> str:
    """For messages."""
    return f"the file {quote(name)}"

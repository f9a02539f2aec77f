"""Reads bodies within limits of size, memory and time, and never trusts Content-Length."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from titan_store.api import keys
from titan_store.api.http.parameters import describe
from titan_store.errors import BadRequest, Stalled, TooLarge

STREAM_BYTES = 2**21
"""The most that an upload of any size holds in memory; see ``directory.staging``."""

Document = TypeVar("Document", bound=BaseModel)


async def read_bytes(request: web.Request, limit: int, what: Callable[[], str]) -> bytes:
    """The whole body. Raises TooLarge naming what was too large."""
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(f"{what()} has more than {limit} bytes.")
    share, content = request[keys.SHARE], request.content
    if content.is_eof():  # A small body is usually there with its head.
        body = content.read_nowait()
        if len(body) <= limit:
            share.take(len(body))
            return body
        raise TooLarge(f"{what()} has more than {limit} bytes.")
    received = bytearray()
    async for chunk in _read_chunks(request):
        share.take(len(chunk))
        received += chunk
        if len(received) > limit:
            raise TooLarge(f"{what()} has more than {limit} bytes.")
    return bytes(received)


async def read_json(request: web.Request, model: type[Document], limit: int) -> Document:
    """A JSON body. Raises BadRequest naming the field, TooLarge."""
    body = await read_bytes(request, limit, lambda: "The JSON body")
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise BadRequest(describe(error, "body")) from error


def check_text(text: bytes, what: Callable[[], str]) -> None:
    """Raises BadRequest for anything but UTF-8, which could not be returned as text."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what()} is not UTF-8 (byte {error.start}).") from error


async def stream_body(request: web.Request) -> AsyncIterator[bytes]:
    """The body piece by piece."""
    request[keys.SHARE].take(min(request.content_length or STREAM_BYTES, STREAM_BYTES))
    async for chunk in _read_chunks(request):
        yield chunk


async def _read_chunks(request: web.Request) -> AsyncIterator[bytes]:
    """Yields bytes as they arrive. Raises Stalled when none arrive for too long."""
    content, patience = request.content, request.app[keys.SETTINGS].idle_seconds
    while not content.at_eof():
        chunk = content.read_nowait()
        if not chunk:
            try:
                async with asyncio.timeout(patience):
                    chunk = await content.readany()
            except TimeoutError as error:
                raise Stalled(f"No part of the body arrived for {patience:g} seconds.") from error
        if chunk:
            yield chunk

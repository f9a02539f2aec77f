"""Reading bodies within limits, and never believing Content-Length."""

from collections.abc import AsyncIterator
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from titan_store.api.queries import describe
from titan_store.errors import BadRequest, TooLarge

Document = TypeVar("Document", bound=BaseModel)


async def read_bytes(request: web.Request, limit: int, what: str) -> bytes:
    """The whole body. Raises TooLarge naming what was too large."""
    too_large = TooLarge(f"{what} has more than {limit} bytes.")
    if request.content_length is not None and request.content_length > limit:
        raise too_large
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


async def read_json(request: web.Request, model: type[Document], limit: int) -> Document:
    """A JSON body. Raises BadRequest naming the field, TooLarge."""
    body = await read_bytes(request, limit, "The JSON body")
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise BadRequest(describe(error, "body")) from error


def check_text(text: bytes, what: str) -> None:
    """Raises BadRequest for what is no UTF-8: it could not be given back as text."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what} is not UTF-8 (byte {error.start}).") from error


async def stream_body(request: web.Request) -> AsyncIterator[bytes]:
    """The body piece by piece."""
    async for chunk in request.content.iter_any():
        yield chunk

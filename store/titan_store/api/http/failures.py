"""Every refusal as an answer: ``{"error": {"code", "message"}}``, whoever noticed it.

Three places notice: backends and handlers (StoreError), the router (404, 405), and aiohttp's parser or a defect of ours
(``titan_store.serving.server``). None of them ever shows a traceback to a client. Each handler is wrapped when the routes are
made: a middleware, which would do it for all, costs each request more than the wrapping.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import hdrs, web

from titan_store.api import keys
from titan_store.api.http.models import ErrorBody, ErrorInfo
from titan_store.api.http.operations import as_json
from titan_store.errors import StoreError
from titan_store.names import quote

CODES = {400: "BadRequest", 404: "NotFound", 405: "MethodNotAllowed", 413: "TooLarge", 417: "BadRequest"}
"""Codes of the refusals that aiohttp makes."""
INTERNAL = "Internal"
CLIENT_GONE = 499
"""Counted, never sent: the client left before its answer was finished."""

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


def failure(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None, size: int | None = None
) -> web.Response:
    """An answer that refuses."""
    return as_json(ErrorBody(error=ErrorInfo(code=code, message=message, size=size)), status, headers)


def finishing(handler: Serve, route: str) -> Serve:
    """The handler, with refusals turned into answers and each answer counted under the route's pattern."""

    async def finish(request: web.Request) -> web.StreamResponse:
        code = 500
        try:
            response = await handler(request)
            code = response.status
        except (StoreError, web.RequestPayloadError, web.HTTPException) as error:
            code = CLIENT_GONE  # Unless it can still be told.
            response = _refuse(request, error)
            code = response.status
        except ConnectionError:
            code = CLIENT_GONE
            raise
        finally:
            request.app[keys.METRICS].count_request(request.method, route, code)
        return response

    return finish


async def refuse_unknown(request: web.Request) -> web.StreamResponse:
    """Raises HTTPMethodNotAllowed for a path that has other methods, HTTPNotFound for any other path."""
    known: set[str] = set()
    for resource in request.app.router.resources():
        known |= (await resource.resolve(request))[1]
    known.discard(hdrs.METH_ANY)  # Of the route that leads here.
    raise web.HTTPMethodNotAllowed(request.method, known) if known else web.HTTPNotFound()


def _refuse(request: web.Request, error: StoreError | web.RequestPayloadError | web.HTTPException) -> web.Response:
    """The answer of a refusal. Raises ConnectionResetError if another answer has begun."""
    match error:
        case StoreError():
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                log.warning("%s %s: %s", request.method, request.path, error.message)
            refused = failure(error.status, error.code, error.message, error.headers, error.log_size)
        case web.HTTPException():
            allow = {str(hdrs.ALLOW): error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else {}
            message = f"{request.method} {request.path}: {error.reason}."
            refused = failure(error.status, CODES.get(error.status, INTERNAL), message, allow)
        case _:
            refused = failure(400, "BadRequest", "The body of the request is broken or incomplete.")
    if request.writer.output_size > 0:
        # Half an answer is out; only a broken connection tells the client that the rest is missing.
        raise ConnectionResetError(f"the answer to {request.method} {request.path} cannot be finished")
    return refused


async def answer_expectation(request: web.Request) -> web.StreamResponse | None:
    """As aiohttp does before any handler, but an expectation that cannot be met is refused in our form."""
    expected = request.headers.get(hdrs.EXPECT, "")
    if expected.lower() != "100-continue":
        return failure(417, CODES[417], f"The expectation {quote(expected)} is not supported.")
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # The answer proper has not begun.
    return None

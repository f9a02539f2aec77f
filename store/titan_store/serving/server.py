"""Listens with aiohttp's runner and a request handler whose own errors look like the store's."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from http import HTTPStatus

from aiohttp import web
from aiohttp.web_request import BaseRequest

from titan_store.api import keys
from titan_store.api.http.failures import CODES, INTERNAL, failure
from titan_store.api.http.headers import add_headers
from titan_store.keeping.tasks import running
from titan_store.serving.certificates import Certificates

LONGEST_LINE = 2**15
"""Longest request line: a key of 1024 characters takes up to 12 KiB when percent-encoded."""
LONGEST_HEADER = 2**15
BACKLOG = 1024
"""A thousand pods may start in the same second."""

log = logging.getLogger(__name__)


class JsonErrors(web.RequestHandler):
    """Answers what reaches no handler of ours: requests that cannot be parsed, and defects."""

    __slots__ = ()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """An error in our form; the traceback goes to our log only."""
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionResetError("the client is gone, or half an answer is out") from exc
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("%s %s failed", request.method, request.path, exc_info=exc)
            text = "The store failed to answer this request; its log says why."
        else:
            text = "The request is not a valid HTTP/1.1 request, or its request line or a header is too long."
        response = failure(status, CODES.get(status, INTERNAL), text)
        add_headers(response)
        response.force_close()
        return response


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[int]:
    """Serve the application for the duration of the block; yields the port. Raises OSError for a taken one."""
    settings = app[keys.SETTINGS]
    certificates = Certificates(settings.certificate, app[keys.CLOCK]) if settings.certificate else None
    if certificates is not None:
        certificates.look()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=settings.shutdown_seconds)
    await runner.setup()
    try:
        listener = await asyncio.get_running_loop().create_server(
            lambda: _make_handler(runner),
            settings.host,
            settings.port,
            backlog=BACKLOG,
            ssl=certificates.context if certificates is not None else None,
        )
        try:
            async with running(certificates.look_for_ever(), "certificates") if certificates else nullcontext():
                yield int(listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
    finally:
        await runner.cleanup()


def _make_handler(runner: web.AppRunner) -> JsonErrors:
    manager = runner.server
    assert manager is not None
    return JsonErrors(
        manager,
        loop=asyncio.get_running_loop(),
        auto_decompress=False,
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_HEADER,
    )

"""A server on this machine that passes a browser's requests on to the store, with what the person's kubeconfig adds.

Browsers cannot show a kubeconfig's credentials to the API server, whose service proxy leads to the store. Everything
is passed on as it comes, both ways: streams of changes and logs arrive at once, uploads are never held in memory.
"""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import cast

from titan_sdk.cli import hops
from titan_sdk.dashboards import Way
from titan_sdk.errors import TitanError
from titan_sdk.transport.http import Request, Stream

SILENCE_SECONDS = 600.0
"""Longest silence of an answer: a followed log may have nothing to say for long. The page then asks again."""
PIECE_BYTES = 64 * 1024


class Forwarder(ThreadingHTTPServer):
    """Listens from the moment it is made; ``serve_forever`` answers. Raises OSError for a port that is taken."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, way: Way, port: int) -> None:
        self.way = way
        super().__init__(("127.0.0.1", port), _Hop)

    @property
    def address(self) -> str:
        """Where a browser reaches it."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away in the middle of an answer is no news."""


class _Body:
    """The body of a request, as far as its Content-Length reaches."""

    def __init__(self, source: BufferedIOBase, length: int) -> None:
        self._source = source
        self.left = length

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read1(min(self.left, PIECE_BYTES if size < 0 else size)) if self.left else b""
        if self.left and not piece:
            raise ConnectionResetError("the browser broke off in the middle of a body")
        self.left -= len(piece)
        return piece


class _Hop(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""

    def _pass_on(self) -> None:
        server = cast(Forwarder, self.server)
        length = self._length()
        lowered = {name.lower(): value for name, value in self.headers.items()}
        refused = hops.refuse(self.path, self.headers.get("Host", ""), server.server_port, lowered)
        if refused is not None:
            self._refuse(*refused)
            return
        body = None if length is None else _Body(self.rfile, length)
        try:
            headers = hops.pass_request(self.headers.items(), server.way.authorization(), length)
            url = server.way.base + self.path
            stream = server.way.transport.open(Request(self.command, url, headers, body, SILENCE_SECONDS))
        except TitanError as error:
            self._refuse(HTTPStatus.BAD_GATEWAY, str(error))
            return
        try:
            self._answer(stream)
        except TitanError:
            # The answer broke off; without its proper end the browser sees that too.
            self.close_connection = True
        finally:
            stream.close()
            if body is not None and body.left:
                # The store answered before it had heard everything: what is left is no next request.
                self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass_on

    def _answer(self, stream: Stream) -> None:
        self.send_response_only(stream.status)
        headers = hops.pass_answer(stream.headers)
        for name, value in headers:
            self.send_header(name, value)
        is_chunked = hops.has_body(self.command, stream.status) and "content-length" not in dict(headers)
        if is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while piece := stream.read():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
        if is_chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        content = json.dumps({"error": {"code": "NotForwarded", "message": sentence}}).encode()
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _length(self) -> int | None:
        told = self.headers.get("Content-Length", "")
        return int(told) if told.isascii() and told.isdigit() else None

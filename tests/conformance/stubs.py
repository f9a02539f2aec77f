"""Small servers that stand behind the API server: a kubelet that has one log, and a service that tells what it got."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Stub(BaseHTTPRequestHandler):
    """Answers on /containerLogs with a log, in two parts if it is followed; elsewhere with what was asked."""

    protocol_version = "HTTP/1.1"
    token = ""
    may_go_on = threading.Event()

    def do_GET(self) -> None:
        if self.path.startswith("/containerLogs/"):
            self._answer_log()
        else:
            self._answer_echo(b"")

    def do_PUT(self) -> None:
        self._answer_echo(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: Any) -> None:
        """Tests print enough."""

    def _answer_log(self) -> None:
        if self.headers["Authorization"] != f"Bearer {self.token}":
            self._send(401, b"who are you")
            return
        is_followed = "follow=true" in self.path
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._chunk(f"first line of {self.path.partition('?')[0]}\n".encode())
        if is_followed:
            self.may_go_on.wait(20)
            self._chunk(b"second line\n")
        self._chunk(b"")

    def _answer_echo(self, body: bytes) -> None:
        seen = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body.decode()}
        self._send(418 if self.path.startswith("/teapot") else 200, json.dumps(seen).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Served-By", "stub")
        self.end_headers()
        self.wfile.write(body)

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


@contextmanager
def serving(token: str = "") -> Iterator[tuple[int, threading.Event]]:
    """The port of a stub, and the event that lets a followed log go on."""
    handler = type("OneStub", (Stub,), {"token": token, "may_go_on": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], handler.may_go_on
    finally:
        handler.may_go_on.set()
        server.shutdown()
        server.server_close()

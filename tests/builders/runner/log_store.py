"""A store of a hundred lines for tests of the runner: blobs, logs and outcomes by the contract, and outages at will."""

import base64
import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class StoreContent:
    """What the store holds, and how it behaves."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    fold: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The files that every job finds."""
    log: bytearray = field(default_factory=bytearray)
    outcome: dict[str, Any] | None = None
    tokens: list[str] = field(default_factory=list)
    """Of every request, in order."""
    refusals: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Status and code to answer with instead, by resource (blob, log, outcome), each used once."""
    lost_answers: dict[str, int] = field(default_factory=dict)
    """How many requests to do, by resource, before the connection breaks without an answer."""
    appends: int = 0
    log_limit: int = 2**40
    events: list[str] = field(default_factory=list)
    """Resources written, in order."""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add_blob(self, content: bytes) -> str:
        """Keep a blob; returns its digest."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.blobs[digest] = content
        return digest

    def add_file(self, path: str, content: bytes) -> None:
        """Let every job find a file."""
        self.fold[path] = {"digest": self.add_blob(content), "mode": 0o644, "size": len(content), "job": "uid-0"}

    def wait_for_requests(self, count: int, seconds: float = 20.0) -> None:
        """Until so many requests came."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.tokens) >= count, seconds)

    def wait_for_refusals_left(self, resource: str, count: int, seconds: float = 20.0) -> None:
        """Until no more refusals than that are left."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.refusals[resource]) <= count, seconds)

    def wait_for_log(self, text: bytes, seconds: float = 20.0) -> None:
        """Until the log holds a text."""
        with self.changed:
            assert self.changed.wait_for(lambda: text in self.log, seconds), bytes(self.log)


class LogStore:
    """Serves the content on one port of 127.0.0.1, between ``open`` and ``close``, as often as wanted."""

    def __init__(self) -> None:
        self.content = StoreContent()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.open()
        assert self._server is not None
        self.port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        """Where it is, or was."""
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Listen."""
        self._server = _Server(("127.0.0.1", getattr(self, "port", 0)), self.content)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """Go away: connections break, new ones are refused."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.break_connections()
        self._server.server_close()
        self._thread.join()
        self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], content: StoreContent) -> None:
        self.content = content
        self.open_sockets: set[Any] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open_sockets.add(request)
        super().process_request(request, client_address)

    def break_connections(self) -> None:
        for one in list(self.open_sockets):
            try:
                one.shutdown(2)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken connection is no news here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["Content-Length"])))

    do_PUT = do_POST
    do_HEAD = do_GET

    def _serve(self, body: bytes) -> None:
        content = self.server.content
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        resource = address.path.rpartition("/")[2]
        with content.changed:
            content.tokens.append(self.headers.get("Authorization", ""))
            content.changed.notify_all()
            refusal = content.refusals[resource].pop(0) if content.refusals.get(resource) else None
        if refusal is not None:
            status, code = refusal
            self._answer(status, {"error": {"code": code, "message": f"refused with {code}"}})
            return
        with content.changed:
            match (self.command, resource):
                case ("GET" | "HEAD", "blob"):
                    self._blob(query["digest"])
                case ("POST", "workspace"):
                    self._answer(200, {"files": content.fold, "conflicts": []})
                case ("PUT", "blob"):
                    self._answer(201, {"digest": content.add_blob(body)})
                case ("GET", "logs"):
                    items = [{"attempt": 1, "size": len(content.log), "complete": False}] if content.log else []
                    self._answer(200, {"items": items})
                case ("POST", "log"):
                    self._append(int(query["offset"]), body)
                case ("PUT", "outcome"):
                    self._record(json.loads(body))
            content.changed.notify_all()

    def _blob(self, digest: str) -> None:
        blob = self.server.content.blobs.get(digest)
        if blob is None:
            self._answer(404, {"error": {"code": "BlobNotFound", "message": f"no blob {digest}"}})
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(blob)))
        shown = base64.b64encode(hashlib.sha256(blob).digest()).decode()
        self.send_header("Repr-Digest", f"sha-256=:{shown}:")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(blob)

    def _append(self, offset: int, body: bytes) -> None:
        content = self.server.content
        if offset > len(content.log):
            error = {"code": "LogGap", "message": "a gap", "size": len(content.log)}
            self._answer(409, {"error": error})
        elif offset + len(body) > content.log_limit:
            self._answer(413, {"error": {"code": "TooLarge", "message": "the log is too long"}})
        else:
            content.appends += 1
            content.events.append("log")
            content.log += body[len(content.log) - offset :]
            self._answer(200, {"size": len(content.log)})

    def _record(self, record: dict[str, Any]) -> None:
        content = self.server.content
        if content.outcome not in (None, record):
            self._answer(409, {"error": {"code": "OutcomeRecorded", "message": "another outcome is recorded"}})
            return
        content.events.append("outcome")
        content.outcome = record
        self._answer(201, record)

    def _answer(self, status: int, body: Any) -> None:
        resource = urlsplit(self.path).path.rpartition("/")[2]
        lost = self.server.content.lost_answers
        if lost.get(resource):
            lost[resource] -= 1
            self.close_connection = True
            return
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

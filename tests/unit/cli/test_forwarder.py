"""The forwarder between a real client and a real small server: everything crosses, as it comes."""

import hashlib
import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from titan_sdk.cli.forwarder import Forwarder
from titan_sdk.dashboards import Way
from titan_sdk.transport.http import PooledTransport

BIG = 64 * 1024 * 1024
PIECE = b"0123456789abcdef" * 4096


class Upstream(BaseHTTPRequestHandler):
    """A store behind a path of somebody else's proxy."""

    protocol_version = "HTTP/1.1"
    go_on: threading.Event
    asked: list[tuple[str, str, dict[str, str]]]

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        body = self._read()
        match self.path:
            case "/proxy/v1/stream":
                self._head("Transfer-Encoding", "chunked")
                self._chunk(b"data: one\n\n")
                self.go_on.wait()
                self._chunk(b"data: two\n\n")
                self.wfile.write(b"0\r\n\r\n")
            case "/proxy/v1/broken":
                self._head("Transfer-Encoding", "chunked")
                self._chunk(b"half")
                self.close_connection = True
            case "/proxy/v1/big":
                self._head("Content-Length", str(BIG))
                for _ in range(BIG // len(PIECE)):
                    self.wfile.write(PIECE)
            case "/proxy/v1/nothing":
                self.send_response_only(204)
                self.end_headers()
            case "/proxy/v1/session":
                self.send_response_only(200)
                self.send_header("Set-Cookie", "titan-session-a=1; Path=/; Secure; HttpOnly")
                self.send_header("Set-Cookie", "balancer=7; Secure")
                self.send_header("Content-Length", "0")
                self.end_headers()
            case _:
                self._head("Content-Length", str(len(body)))
                if self.command != "HEAD":
                    self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer

    def _read(self) -> bytes:
        left, digest = int(self.headers.get("Content-Length", 0)), hashlib.sha256()
        while left:
            piece = self.rfile.read(min(left, 1 << 20))
            digest.update(piece)
            left -= len(piece)
        return digest.hexdigest().encode()

    def _head(self, name: str, value: str) -> None:
        self.send_response_only(200)
        self.send_header(name, value)
        self.end_headers()

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(content), content))


@contextmanager
def served(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Stage:
    """A browser, the forwarder and a store."""

    def __init__(self, upstream: type[Upstream], forwarder: Forwarder) -> None:
        self.upstream = upstream
        self.forwarder = forwarder

    @contextmanager
    def open(self, method: str, path: str, body: Any = None, **headers: str) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.forwarder.server_port, timeout=30)
        with closing(connection):
            connection.request(method, path, body, headers)
            with connection.getresponse() as answer:
                yield answer

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        with self.open(method, path, body, **headers) as answer:
            return answer.status, answer.read()


@pytest.fixture
def stage() -> Iterator[Stage]:
    upstream = type("Recording", (Upstream,), {"go_on": threading.Event(), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), upstream)
    server.daemon_threads = True
    transport = PooledTransport()
    base = f"http://127.0.0.1:{server.server_port}/proxy"
    forwarder = Forwarder(Way(base, transport, lambda: "Bearer mine", False, lambda: "mine", False), 0)
    with served(server), served(forwarder):
        yield Stage(upstream, forwarder)
        upstream.go_on.set()
        transport.close()


def test_a_stream_arrives_while_it_goes_on(stage: Stage) -> None:
    with stage.open("GET", "/v1/stream") as answer:
        assert answer.readline() == b"data: one\n"
        stage.upstream.go_on.set()
        assert answer.read() == b"\ndata: two\n\n"


def test_the_persons_credentials_go_to_the_cluster_and_those_of_the_page_do_not(stage: Stage) -> None:
    assert stage.ask("GET", "/v1/x?y=%2F", Authorization="Bearer page", Cookie="other=1")[0] == 200
    ((method, path, headers),) = stage.upstream.asked
    assert (method, path, headers["authorization"]) == ("GET", "/proxy/v1/x?y=%2F", "Bearer mine")
    assert "cookie" not in headers


def test_a_big_body_crosses_in_both_directions(stage: Stage) -> None:
    pieces = (PIECE for _ in range(BIG // len(PIECE)))
    digest = hashlib.sha256(PIECE * (BIG // len(PIECE))).hexdigest()
    with stage.open("PUT", "/v1/file", pieces, **{"Content-Length": str(BIG)}) as answer:
        assert (answer.status, answer.read().decode()) == (200, digest)
    with stage.open("GET", "/v1/big") as answer:
        received = hashlib.sha256()
        while piece := answer.read(1 << 20):
            received.update(piece)
    assert received.hexdigest() == digest


def test_a_browser_keeps_the_cookies_of_a_store_that_speaks_https(stage: Stage) -> None:
    with stage.open("POST", "/v1/session", b"{}") as answer:
        assert answer.headers.get_all("Set-Cookie") == ["titan-session-a=1; Path=/; HttpOnly", "balancer=7"]


def test_one_connection_serves_request_after_request(stage: Stage) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stage.forwarder.server_port, timeout=30)
    told = []
    for method, path in (("GET", "/v1/a"), ("HEAD", "/v1/a"), ("DELETE", "/v1/nothing"), ("GET", "/v1/stream")):
        stage.upstream.go_on.set()
        connection.request(method, path)
        with connection.getresponse() as answer:
            told.append((answer.status, len(answer.read())))
    connection.close()
    assert told == [(200, 64), (200, 0), (204, 0), (200, 22)]


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(stage: Stage) -> None:
    with stage.open("GET", "/v1/broken") as answer, pytest.raises(http.client.IncompleteRead):
        answer.read()


@pytest.mark.parametrize(("path", "host", "status"), [("/../x", "", 400), ("/", "evil.example", 421)])
def test_what_must_not_cross_is_answered_here(stage: Stage, path: str, host: str, status: int) -> None:
    told, body = stage.ask("GET", path, **({"Host": host} if host else {}))
    assert (told, b"NotForwarded" in body, stage.upstream.asked) == (status, True, [])


def test_a_body_of_unknown_length_is_refused(stage: Stage) -> None:
    assert stage.ask("POST", "/v1/x", iter([b"a"]), **{"Transfer-Encoding": "chunked"})[0] == 411


def test_a_store_that_is_away_is_told_in_the_form_of_its_own_refusals(stage: Stage) -> None:
    stage.forwarder.way = replace(stage.forwarder.way, base="http://127.0.0.1:9/proxy")
    status, body = stage.ask("GET", "/v1/x")
    assert (status, b'"message": "nobody answers at http://127.0.0.1:9' in body) == (502, True)


def test_a_port_that_is_taken_is_an_error_of_the_operating_system(stage: Stage) -> None:
    with pytest.raises(OSError, match="in use"):
        Forwarder(stage.forwarder.way, stage.forwarder.server_port)

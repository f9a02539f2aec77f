"""The real transport against a real server: bytes as they come, lost connections, unreachable servers."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from titan_sdk.cluster.kube import Watch
from titan_sdk.errors import TitanUnavailable
from titan_sdk.transport.http import PooledTransport, Request, send


class Handler(BaseHTTPRequestHandler):
    """Each path is a way of answering."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()
    connections: set[int] = set()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.connections.add(self.client_address[1])
        getattr(self, f"answer_{self.path.strip('/')}")()

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._whole(str(len(body)).encode())

    def answer_whole(self) -> None:
        self._whole(b"hello")

    def answer_chunks(self) -> None:
        self._begin("Transfer-Encoding", "chunked")
        self._chunk(b"one\n")
        self.go_on.wait()
        self._chunk(b"two\n")
        self.wfile.write(b"0\r\n\r\n")

    def answer_endless(self) -> None:
        self._begin("Transfer-Encoding", "chunked")
        self._chunk(b'{"type": "ADDED", "object": {"n": 1}}\n{"type": "ADD')
        self._chunk(b'ED", "object": {"n": 2}}\n')
        self.go_on.wait()
        self.close_connection = True

    def answer_short(self) -> None:
        self._begin("Content-Length", "100")
        self.wfile.write(b"only this")
        self.close_connection = True

    def answer_nothing(self) -> None:
        self.close_connection = True

    def _whole(self, body: bytes) -> None:
        self._begin("Content-Length", str(len(body)))
        self.wfile.write(body)

    def _begin(self, name: str, value: str) -> None:
        self.send_response(200)
        self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()


@pytest.fixture
def url():
    Handler.go_on.clear()
    Handler.connections = set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Handler.go_on.set()
    server.shutdown()
    thread.join()
    server.socket.close()


@pytest.fixture
def transport():
    pooled = PooledTransport()
    yield pooled
    pooled.close()


def test_a_small_answer_comes_whole_and_its_connection_is_used_again(url, transport):
    for _ in range(3):
        reply = send(transport, Request("GET", f"{url}/whole"))
        assert (reply.status, reply.body, reply.headers["content-length"]) == (200, b"hello", "5")
    assert len(Handler.connections) == 1


def test_bytes_are_there_as_soon_as_they_were_sent(url, transport):
    stream = transport.open(Request("GET", f"{url}/chunks"))
    assert stream.read() == b"one\n"
    Handler.go_on.set()
    assert b"".join(iter(stream.read, b"")) == b"two\n"
    stream.close()


def test_a_file_is_sent_as_it_is_read(url, transport, tmp_path):
    path = tmp_path / "big"
    path.write_bytes(b"x" * 3_000_000)
    with path.open("rb") as file:
        reply = send(transport, Request("PUT", f"{url}/", {"Content-Length": "3000000"}, file))
    assert reply.body == b"3000000"


@pytest.mark.parametrize("path", ["short", "nothing"])
def test_a_connection_that_breaks_may_have_done_its_work(url, transport, path):
    with pytest.raises(TitanUnavailable, match="broke off") as raised:
        send(transport, Request("GET", f"{url}/{path}"))
    assert raised.value.maybe_done


def test_a_server_that_is_not_there_did_nothing(transport):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(TitanUnavailable, match=f"nobody answers at http://127.0.0.1:{port}") as raised:
        transport.open(Request("GET", f"http://127.0.0.1:{port}/x"))
    assert not raised.value.maybe_done
    with pytest.raises(TitanUnavailable, match=r"nobody answers at http://no-such-host\.invalid"):
        transport.open(Request("GET", "http://no-such-host.invalid/x"))


def test_a_watch_gives_events_and_can_be_ended_from_another_thread(url, transport):
    watch = Watch(transport.open(Request("GET", f"{url}/endless")))
    events = iter(watch)
    assert next(events) == ("ADDED", {"n": 1})
    assert next(events) == ("ADDED", {"n": 2})
    threading.Timer(0.05, watch.interrupt).start()
    with pytest.raises((TitanUnavailable, StopIteration)):
        next(events)
    watch.close()

"""A reverse proxy that shows a store below a path of its own, as an Ingress or the API server's service proxy does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3

HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "keep-alive", "host"})


@contextmanager
def shown_below(store: str, prefix: str) -> Iterator[str]:
    """The address of the store's page behind the proxy, without a slash at its end."""
    pool = urllib3.PoolManager(maxsize=16)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.pass_on()

        do_POST = do_DELETE = do_PUT = do_HEAD = do_GET

        def pass_on(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            address = store + self.path.removeprefix(prefix)
            answer = pool.request(
                self.command, address, body=body, headers=headers, preload_content=False, redirect=False
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            try:
                while data := answer.read1(65536, decode_content=False):
                    self.wfile.write(data)
                    self.wfile.flush()
            except OSError:
                self.close_connection = True
            finally:
                answer.close()

        def log_message(self, *_: Any) -> None:
            """Nothing: tests read their own reports."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
        pool.clear()

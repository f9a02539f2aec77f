"""HTTP/1.1 over one connection that is kept open.

``http.client`` would do the same, but importing it (with ``email`` and ``ssl``) takes 40 ms, which every job would
wait for. This client knows what the runner needs: bodies of known length up, any framing down, TLS where asked for.
"""

from __future__ import annotations

from titan_runner.errors import FileChanged, RunnerError, StoreAway

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
LONGEST_LINE = 65536
LONGEST_ANSWER = 1024 * 1024
"""The largest answer that is collected in memory rather than streamed."""
CHUNK = 256 * 1024


class Answer:
    """Status, headers (lower case) and, unless it was streamed away, the body."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Connection:
    """A connection to one server, made on first use and again after any failure."""

    def __init__(self, url: str, authority: str = "") -> None:
        self.url = url
        self.authority = authority
        """The authority of an https server, in PEM; "": the image's own authorities."""
        scheme, _, rest = url.partition("://")
        self._authority, _, path = rest.partition("/")
        if scheme not in ("http", "https") or not self._authority:
            raise RunnerError(f"{url!r} is not an http or https URL")
        self._is_secure = scheme == "https"
        self._prefix = f"/{path}".rstrip("/")
        self._host, self._port = _split_authority(self._authority, 443 if self._is_secure else 80)
        self._socket: socket.socket | None = None
        self._file: BinaryIO | None = None

    def request(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes = b"",
        sink: Callable[[bytes], object] | None = None,
        file: BinaryIO | None = None,
        size: int = 0,
    ) -> Answer:
        """One exchange; ``sink`` takes the body of a 200 piece by piece. Raises StoreAway.

        A ``file`` of that size is sent in place of the body; raises FileChanged if it is shorter.
        """
        lines = [
            f"{method} {self._prefix}{target} HTTP/1.1",
            f"Host: {self._authority}",
            f"Content-Length: {size if file is not None else len(body)}",
        ]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        message = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
        try:
            status, found = self._exchange(message, file, size)
            return self._receive(method, status, found, sink)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise StoreAway(f"{self._host}:{self._port}: {str(error) or type(error).__name__}") from error

    def close(self) -> None:
        """Close it; the next request opens a new one."""
        if self._file is not None:
            self._file.close()
        if self._socket is not None:
            self._socket.close()
        self._file = self._socket = None

    def _exchange(self, message: bytes, file: BinaryIO | None, size: int) -> tuple[int, dict[str, str]]:
        """Send, and read the head; an idle connection that the server closed meanwhile is replaced once."""
        if self._socket is not None:
            try:
                return self._attempt(message, file, size)
            except (ConnectionError, EOFError):
                self.close()
        return self._attempt(message, file, size)

    def _attempt(self, message: bytes, file: BinaryIO | None, size: int) -> tuple[int, dict[str, str]]:
        if self._socket is None:
            self._connect()
        assert self._socket is not None and self._file is not None
        self._socket.sendall(message)
        if file is not None:
            self._send(self._socket, file, size)
        while True:
            status, headers = _read_head(self._file)
            if status >= 200:
                return status, headers

    def _send(self, connection: socket.socket, file: BinaryIO, size: int) -> None:
        file.seek(0)
        while size > 0:
            piece = file.read(min(size, CHUNK))
            if not piece:
                self.close()
                raise FileChanged("the file became shorter")
            connection.sendall(piece)
            size -= len(piece)

    def _connect(self) -> None:
        import socket  # Costs 6 ms, which pass while the program starts if its source needed no store.

        plain = socket.create_connection((self._host, self._port), CONNECT_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(ANSWER_SECONDS)
        self._socket = plain
        if self._is_secure:
            import ssl  # Costs 15 ms, which plain http must not pay.

            context = ssl.create_default_context(cadata=self.authority or None)
            self._socket = context.wrap_socket(plain, server_hostname=self._host)
        self._file = self._socket.makefile("rb")

    def _receive(
        self, method: str, status: int, headers: dict[str, str], sink: Callable[[bytes], object] | None
    ) -> Answer:
        assert self._file is not None
        collected = bytearray()
        has_body = method != "HEAD" and status not in (204, 304)
        for piece in _body(self._file, headers) if has_body else ():
            if sink is not None and status == 200:
                sink(piece)
            elif len(collected) + len(piece) > LONGEST_ANSWER:
                raise ValueError("the answer is too long")
            else:
                collected += piece
        is_framed = not has_body or "content-length" in headers or "transfer-encoding" in headers
        if not is_framed or headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, bytes(collected))


def _split_authority(authority: str, default_port: int) -> tuple[str, int]:
    host, _, port = authority.rpartition(":")
    if not host or not port.isdigit():
        return authority.strip("[]"), default_port
    return host.strip("[]"), int(port)


def _read_head(file: BinaryIO) -> tuple[int, dict[str, str]]:
    words = _read_line(file).split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1."):
        raise ValueError("the answer is not HTTP")
    headers: dict[str, str] = {}
    while True:
        line = _read_line(file)
        if not line:
            return int(words[1]), headers
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()


def _body(file: BinaryIO, headers: dict[str, str]) -> Iterator[bytes]:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        while True:
            size = int(_read_line(file).partition(";")[0], 16)
            if size == 0:
                break
            yield from _pieces(file, size)
            _read_line(file)
        while _read_line(file):
            pass
    elif "content-length" in headers:
        yield from _pieces(file, int(headers["content-length"]))
    else:
        yield from iter(lambda: file.read(CHUNK), b"")


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(size, CHUNK))
        if not piece:
            raise EOFError("the connection broke")
        size -= len(piece)
        yield piece


def _read_line(file: BinaryIO) -> str:
    line = file.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise EOFError("the connection broke")
    return line.decode("latin-1").rstrip("\r\n")

"""The Kubernetes API without a client library in between: what goes over the wire is what is tested."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3
import yaml

from titan_api.json_types import Json

JSON = "application/json"
MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
REQUEST_SECONDS = 30.0
PATIENCE_SECONDS = 90.0
"""How long controllers may take: a real cluster's collector learns of new kinds every 30 s."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def message(self) -> str:
        """The message of a Status, or the plain text of what is none."""
        try:
            body = self.body
        except ValueError:
            return self.text
        return str(body.get("message", "")) if isinstance(body, dict) else self.text

    @property
    def reason(self) -> str:
        return str(self.body.get("reason", ""))


class Api:
    """One caller's view of the server. Nothing raises for a status; tests look at it."""

    def __init__(self, server: str, headers: dict[str, str], context: ssl.SSLContext) -> None:
        self.server = server
        self._context = context
        self._headers = headers
        self._pool = urllib3.PoolManager(ssl_context=context, retries=False, maxsize=16, timeout=REQUEST_SECONDS)

    def acting_as(self, **headers: str | None) -> "Api":
        """The same server for somebody else: ``acting_as(Impersonate_User="bob")``; None drops a header."""
        changed = {**self._headers, **{key.replace("_", "-"): value for key, value in headers.items()}}
        return Api(self.server, {key: value for key, value in changed.items() if value is not None}, self._context)

    def with_token(self, token: str) -> "Api":
        return self.acting_as(Authorization=f"Bearer {token}")

    def request(
        self, method: str, path: str, body: Any = None, *, kind: str = JSON, accept: str = JSON, **query: Any
    ) -> Answer:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {**self._headers, "Accept": accept, **({"Content-Type": kind} if raw is not None else {})}
        answer = self._pool.request(method, self._url(path, query), body=raw, headers=headers)
        return Answer(answer.status, dict(answer.headers), answer.data)

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, body: Any, **more: Any) -> Answer:
        return self.request("POST", path, body, **more)

    def put(self, path: str, body: Any, **more: Any) -> Answer:
        return self.request("PUT", path, body, **more)

    def patch(self, path: str, body: Any, kind: str = MERGE, **more: Any) -> Answer:
        return self.request("PATCH", path, body, kind=kind, **more)

    def apply(self, path: str, body: Json, manager: str, **more: Any) -> Answer:
        return self.request("PATCH", path, body, kind=APPLY, fieldManager=manager, **more)

    def delete(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.request("DELETE", path, body, **more)

    def events(self, path: str, *, accept: str = JSON, seconds: int = 1, **query: Any) -> list[Json]:
        """Everything that a watch says until its time-out."""
        answer = self.get(path, accept=accept, watch="true", timeoutSeconds=seconds, **query)
        assert answer.status == 200, answer.message
        return [json.loads(line) for line in answer.content.splitlines()]

    def open(self, path: str, **query: Any) -> urllib3.BaseHTTPResponse:
        """An answer that is read bit by bit."""
        return self._pool.request("GET", self._url(path, query), headers=self._headers, preload_content=False)

    @contextmanager
    def watching(self, path: str, **query: Any) -> Iterator["Stream"]:
        """A watch that is open while something else happens."""
        response = self.open(path, watch="true", timeoutSeconds=60, **query)
        stream = Stream()
        reader = threading.Thread(target=stream.read, args=(response,), daemon=True)
        reader.start()
        try:
            yield stream
        finally:
            response.shutdown()  # Wakes the thread that reads.
            reader.join(REQUEST_SECONDS)
            response.close()

    def _url(self, path: str, query: Json) -> str:
        return self.server + path + (f"?{urlencode(query)}" if query else "")


@dataclass
class Stream:
    """What an open watch has said so far."""

    events: list[Json] = field(default_factory=list)

    def read(self, response: urllib3.BaseHTTPResponse) -> None:
        pending = b""
        try:
            while chunk := response.read1(65536):
                *lines, pending = (pending + chunk).split(b"\n")
                self.events += [json.loads(line) for line in lines if line]
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError):
            return  # The test closed the connection under this thread.

    def wait_for(self, count: int) -> list[Json]:
        until(lambda: len(self.events) >= count, what=f"{count} events, not only {self.events}")
        return self.events


def open_api(kubeconfig: Path) -> Api:
    """The caller whom a kubeconfig names."""
    content = yaml.safe_load(kubeconfig.read_text())
    cluster, user = content["clusters"][0]["cluster"], content["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    context = ssl.create_default_context(cadata=authority)
    headers = {"Authorization": f"Bearer {user['token']}"} if "token" in user else {}
    if not headers:
        context.load_cert_chain(user["client-certificate"], user["client-key"])
    return Api(cluster["server"], headers, context)


def until(condition: Callable[[], Any], *, what: str = "", seconds: float = PATIENCE_SECONDS) -> Any:
    """Ask again until the answer is true: controllers act after the answer to the request that made them act."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what or condition}")
        time.sleep(0.02)
    return found

"""A store on a free port of this machine, and a client that holds every answer against the OpenAPI document."""

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from builders.store.clusters import FakeCluster
from builders.store.reviewers import CLIENT, JOB, NAMESPACE, RUNNER, FakeReviewer
from jsonschema import Draft202012Validator
from titan_store.api.catalog import OPERATIONS
from titan_store.api.http import openapi
from titan_store.serving.app import build_app
from titan_store.serving.contexts import swept
from titan_store.serving.retention import Swept
from titan_store.serving.server import serve
from titan_store.settings import Settings
from yarl import URL

DOCUMENT = openapi.build(OPERATIONS)
BASE = f"/v1/namespaces/{NAMESPACE}"
ATTEMPT = {"job": JOB, "attempt": "1"}
OUTCOME = {
    "pod": "nightly-extract-1",
    "podUID": "uid-of-pod",
    "phase": "publish",
    "exitCode": 0,
    "reason": "Completed",
    "message": "",
    "startTime": "2026-01-02T03:04:05.000000Z",
    "endTime": "2026-01-02T03:04:06.500000Z",
    "logSize": 5,
}


class FakeClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass(frozen=True)
class Reply:
    """An answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of the error."""
        return str(self.json["error"]["code"])


class Store:
    """A running store as a client sees it; paths are below the namespace of the tests."""

    def __init__(self, session: aiohttp.ClientSession, port: int, app: aiohttp.web.Application) -> None:
        self.session, self.port, self.app = session, port, app

    def url(self, path: str) -> str:
        below = path if path.startswith(("/v1", "/healthz", "/readyz", "/metrics", "/openapi")) else BASE + path
        return f"http://127.0.0.1:{self.port}{below}"

    async def call(
        self, method: str, path: str, query: Mapping[str, str] | None = None, token: str | None = CLIENT, **more: Any
    ) -> Reply:
        """One request; what comes back must be what the document promises."""
        if isinstance(more.get("data"), bytes):
            more["data"] = io.BytesIO(more["data"])  # aiohttp warns of big bytes.
        headers = dict(more.pop("headers", {})) | ({"Authorization": f"Bearer {token}"} if token else {})
        url = URL(self.url(path), encoded=True)
        url = url.with_query(query) if query else url
        async with self.session.request(method, url, headers=headers, **more) as response:
            reply = Reply(response.status, response.headers, await response.read())
        check_against_document(method, url.path, reply)
        return reply

    async def get(self, path: str, query: Mapping[str, str] | None = None, **more: Any) -> Reply:
        return await self.call("GET", path, query, **more)

    async def put(self, path: str, query: Mapping[str, str], data: Any = b"", **more: Any) -> Reply:
        return await self.call("PUT", path, query, data=data, **more)

    async def put_value(self, key: str, text: str, **query: str) -> Reply:
        return await self.put("/value", {"key": key, **query}, text.encode())

    async def post(self, path: str, query: Mapping[str, str], document: object) -> Reply:
        return await self.call("POST", path, query, data=json.dumps(document).encode())

    @property
    def swept(self) -> Swept:
        """What its sweep goes through."""
        return swept(self.app)

    async def settle(self) -> None:
        """Let the store do what it can do now with the requests that it has got."""
        for _ in range(3):
            await self.get("/readyz", token=None)

    async def append(self, offset: int, data: bytes, token: str = RUNNER, **attempt: str) -> Reply:
        query = ATTEMPT | attempt | {"offset": str(offset)}
        return await self.call("POST", "/log", query, token=token, data=data)

    async def end(self, token: str = RUNNER, attempt: str = "1", **changes: object) -> Reply:
        """Record an outcome."""
        query = ATTEMPT | {"attempt": attempt}
        return await self.call("PUT", "/outcome", query, token=token, json=OUTCOME | changes)


@asynccontextmanager
async def running_store(
    directory: Path,
    reviewer: FakeReviewer | None = None,
    clock: FakeClock | None = None,
    free_bytes: int = 2**40,
    cluster: FakeCluster | None = None,
    **settings: Any,
) -> AsyncIterator[Store]:
    """A store on a directory."""
    chosen = replace(Settings(directory, port=0), **settings)
    open_reviewer = (reviewer or FakeReviewer()).open
    open_cluster = cluster.open if cluster else None
    app = build_app(chosen, open_reviewer, open_cluster, clock=clock or FakeClock(), free_bytes=lambda: free_bytes)
    async with serve(app) as port, aiohttp.ClientSession() as session:
        yield Store(session, port, app)


def check_against_document(method: str, path: str, reply: Reply) -> None:
    """Status, media type, headers and body must be declared."""
    found = [item for template, item in DOCUMENT["paths"].items() if matches(template, path)]
    if not found or method.lower() not in found[0]:
        return  # No such operation: the answer is the router's.
    answer = found[0][method.lower()]["responses"][str(reply.status)]
    for name in answer.get("headers", {}):
        assert name in reply.headers, f"{method} {path} lacks the header {name}"
    content = answer.get("content", {})
    if not content:
        assert not reply.body
        return
    media_type = reply.headers["Content-Type"].partition(";")[0]
    assert media_type in content, f"{method} {path} answered with {media_type}"
    if media_type == "application/json":
        schema = content[media_type]["schema"] | {"components": DOCUMENT["components"]}
        Draft202012Validator(schema).validate(reply.json)


def matches(template: str, path: str) -> bool:
    parts, actual = template.split("/"), path.split("/")
    return len(parts) == len(actual) and all(a == b or a.startswith("{") for a, b in zip(parts, actual, strict=True))

"""A declared operation: route, parameters, rights and answers in one value.

The router and the OpenAPI document are both made of these, so neither can know a route that the other does not.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic

from aiohttp import web
from pydantic import BaseModel

from titan_store.api import keys
from titan_store.api.http.parameters import NoQuery, Query
from titan_store.auth.gate import Caller, Need

BASE = "/v1/namespaces/{namespace}"
JSON = "application/json"
TEXT = "text/plain"
BINARY = "application/octet-stream"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True)
class Call(Generic[Query]):
    """A request that was let in, with its parameters."""

    request: web.Request
    query: Query
    caller: Caller

    @property
    def app(self) -> web.Application:
        """For its state, see ``keys``."""
        return self.request.app

    @property
    def namespace(self) -> str:
        """The uid under which everything of the namespace is kept."""
        return self.caller.namespace_uid

    @property
    def now(self) -> datetime:
        """Read anew at each use."""
        return self.app[keys.CLOCK]()


@dataclass(frozen=True)
class Content:
    """A body: a JSON model, or None for bytes that the store does not interpret."""

    media_type: str
    model: type[BaseModel] | None = None
    lines: tuple[type[BaseModel], ...] = ()
    """Of a stream: what each line may be."""


@dataclass(frozen=True)
class Answer:
    """What a status means."""

    description: str
    content: Content | None = None
    headers: tuple[str, ...] = ()


Handler = Callable[[Call[Any]], Awaitable[web.StreamResponse]]
Refusal = tuple[int, str]
"""Status and code."""


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    name: str
    method: str
    path: str
    handler: Handler
    summary: str
    answers: Mapping[int, Answer]
    query: type[NoQuery] = NoQuery
    need: Need | None = None
    """None: open to everybody, or to everybody who has ``signed_in``."""
    signed_in: bool = False
    """The caller is known, but no right was asked for: the handler does that."""
    body: Content | None = None
    grows: bool = False
    """Refused with 507 when the disk is nearly full."""
    headers: tuple[str, ...] = ()
    """Request headers that it understands."""
    refusals: tuple[Refusal, ...] = field(default=())
    """In addition to those that every operation has."""


def as_json(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer."""
    return web.Response(body=to_json(model), status=status, content_type=JSON, headers=headers)


def to_json(model: BaseModel) -> bytes:
    """Its body."""
    return model.model_dump_json(by_alias=True, exclude_none=True).encode()

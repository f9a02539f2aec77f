"""A declared operation: route, parameters, rights and answers in one value.

The router and the OpenAPI document are both made of these, so neither can know a route that the other does not.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from inspect import get_annotations
from typing import Any, Generic, get_args

from aiohttp import web
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

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
    def name(self) -> str:
        """Of the object that the path names."""
        return self.request.match_info["name"]

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


_NO_CONTENT = Answer("As GET, without the content.")

Handler = Callable[[Call[Any]], Awaitable[web.StreamResponse]]
Refusal = tuple[int, str]
"""Status and code."""


@dataclass(frozen=True)
class Declaration:
    """All of an operation but its handler, above which it stands as a decorator."""

    route: str
    """Method and path."""
    summary: str
    answers: Mapping[int, Answer]
    need: Need | None = None
    """None: open to everybody, or to everybody who has ``signed_in``."""
    signed_in: bool = False
    """The caller is known, but no right was asked for: the handler does that."""
    body: Content | None = None
    grows: bool = False
    """Refused with 507 when the disk is nearly full."""
    headers: tuple[str, ...] = ()
    """Request headers that it understands."""
    refusals: tuple[Refusal, ...] = ()
    """In addition to those that every operation has."""

    def __call__(self, handler: Handler) -> "Operation":
        """The operation. Its name is the handler's in camelCase; its parameters are those that the handler reads."""
        name = to_camel(handler.__name__).replace("Dag", "DAG")
        (query,) = get_args(next(iter(get_annotations(handler).values())))
        return Operation(**vars(self), name=name, handler=handler, query=query)


@dataclass(frozen=True, kw_only=True)
class Operation(Declaration):
    """One method on one path."""

    name: str
    handler: Handler
    query: type[NoQuery]

    @property
    def method(self) -> str:
        """Of HTTP."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """A pattern of aiohttp's router."""
        return self.route.partition(" ")[2]

    def head(self, name: str, summary: str) -> "Operation":
        """This GET without its content."""
        answers = {200: replace(_NO_CONTENT, headers=self.answers[200].headers), 206: _NO_CONTENT}
        return replace(self, route=f"HEAD {self.path}", name=name, summary=summary, answers=answers)


def as_json(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer."""
    return web.Response(body=to_json(model), status=status, content_type=JSON, headers=headers)


def to_json(model: BaseModel) -> bytes:
    """Its body."""
    return model.model_dump_json(by_alias=True, exclude_none=True).encode()

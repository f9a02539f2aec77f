"""What clients receive: objects, lists, Tables or metadata alone, as their Accept header asks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from titan_api.json_types import Json
from titan_local.apiserver.http.requests import Call
from titan_local.apiserver.http.views import to_client
from titan_local.apiserver.persistence.databases import encode
from titan_local.apiserver.persistence.storage import Storage
from titan_local.apiserver.rules.reads.tables import table
from titan_local.apiserver.rules.resources import ResourceType

_METADATA_KIND = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}


def json_answer(body: Any, status: int = 200, *, content_type: str = "application/json") -> web.Response:
    """Anything as JSON."""
    return bytes_answer(encode(body), status, content_type=content_type)


def bytes_answer(body: bytes, status: int = 200, *, content_type: str = "application/json") -> web.Response:
    """JSON that is encoded already."""
    headers = {"Content-Type": content_type, "Cache-Control": "no-cache, private"}
    return web.Response(body=body, status=status, headers=headers)


def wants(request: web.Request, form: str) -> bool:
    """Whether a client asks for a form such as ``Table``."""
    return f"as={form}" in request.headers.get("Accept", "")


def add_warnings(response: web.Response, warnings: Iterable[str]) -> web.Response:
    """The answer with warnings for the person behind the client; kubectl prints them."""
    for text in warnings:
        escaped = text.replace('"', '\\"')
        response.headers.add("Warning", f'299 - "{escaped}"')
    return response


class Answers:
    """Renders what is stored for one client's wishes."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def object(self, call: Call, obj: Json, status: int = 200) -> web.Response:
        """One object."""
        request, resource = call.request, call.resource
        if wants(request, "Table"):
            version = {"resourceVersion": obj["metadata"].get("resourceVersion", "")}
            return json_answer(table_of(request, resource, [obj], version), status)
        if wants(request, "PartialObjectMetadata"):
            return json_answer(_METADATA_KIND | {"metadata": obj["metadata"]}, status)
        return bytes_answer(self._encoded(resource, obj), status)

    def list(self, call: Call, objects: list[Json], metadata: Json) -> web.Response:
        """A list of objects; items of built-in kinds carry no kind of their own, as on the real server."""
        request, resource = call.request, call.resource
        if wants(request, "Table"):
            return json_answer(table_of(request, resource, objects, metadata))
        if wants(request, "PartialObjectMetadataList"):
            parts = [_METADATA_KIND | {"metadata": obj["metadata"]} for obj in objects]
            kind = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1"}
            return json_answer(kind | {"metadata": metadata, "items": parts})
        head = {"kind": resource.list_kind or f"{resource.kind}List", "apiVersion": resource.api_version}
        opening = encode(head | {"metadata": metadata})[:-1]
        own_head = b"" if resource.is_custom else _head_of_items(resource)
        items = b",".join(_without(self._encoded(resource, obj), own_head) for obj in objects)
        return bytes_answer(b'%b,"items":[%b]}' % (opening, items))

    def _encoded(self, resource: ResourceType, obj: Json) -> bytes:
        shown = to_client(resource, obj)
        return self._storage.encoded(resource.stored_as, obj) if shown is obj else encode(shown)


def table_of(request: web.Request, resource: ResourceType, objects: list[Json], metadata: Json) -> Json:
    """A Table with whatever part of each object the client wants in its rows."""
    include = request.query.get("includeObject", "Metadata")
    return table(resource, objects, datetime.now(UTC), include_object=include, list_metadata=metadata)


def _head_of_items(resource: ResourceType) -> bytes:
    """How every stored object of a kind begins."""
    return encode({"apiVersion": resource.api_version, "kind": resource.kind})[:-1] + b","


def _without(body: bytes, head: bytes) -> bytes:
    return b"{" + body[len(head) :] if head and body.startswith(head) else body

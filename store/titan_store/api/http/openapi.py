"""The OpenAPI 3.1 document, made of the declared operations and of the models that check requests."""

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from titan_api import names
from titan_api.json_types import Json
from titan_store.api.http.credentials import TOKEN_HEADER
from titan_store.api.http.descriptions import describe_fields
from titan_store.api.http.models import ErrorBody
from titan_store.api.http.operations import JSON, TEXT, Content, Operation, Refusal
from titan_store.sessions.forgeries import CSRF_HEADER

_REFERENCE = "#/components/schemas/{model}"
_KNOWN: tuple[Refusal, ...] = (
    (400, "BadRequest"),
    (401, "Unauthenticated"),
    (403, "Forbidden"),
    (403, "CrossSite"),
    (503, "Unavailable"),
)
"""Refusals of every operation that needs a known caller."""
_SECURED: tuple[Refusal, ...] = (*_KNOWN, (404, "NamespaceNotFound"))
_HEADERS = {
    "ETag": "Version of the content.",
    "Repr-Digest": "SHA-256 of the whole content, as in RFC 9530.",
    "Accept-Ranges": "bytes",
    "Content-Range": "Which bytes these are.",
    "Range": "One range of bytes.",
    "If-Range": "Send the range only if the content still has this ETag, otherwise the whole.",
    "If-Match": "Write only if the value has one of these versions; * stands for any.",
    "If-None-Match": "Only *: write only if there is no value yet.",
    "X-Titan-Attempt": "Which attempt's log this is.",
    "X-Titan-Log-Complete": "true: nothing will be added, as far as the store knew when the answer began.",
    "Last-Event-ID": "Id of the last message that arrived.",
}


def build(operations: Iterable[Operation]) -> Json:
    """The document."""
    operations = tuple(operations)
    paths: Json = {}
    for operation in operations:
        item = paths.setdefault(operation.path, _path_parameters(operation.path))
        item[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Titan store",
            "version": "1",
            "description": "Values, sets, files, blobs, logs and outcomes. The store answers a change once it is durable.",
        },
        "paths": paths,
        "components": {"schemas": _schemas(operations), "securitySchemes": _SECURITY_SCHEMES},
    }


_NAMESPACE: Json = {
    "name": "namespace",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},
}
_NAME: Json = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "Name of a Kubernetes object, which never needs escaping.",
    "schema": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$"},
}
_SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": f"A ServiceAccount token with the audience {names.AUDIENCE_STORE}.",
    },
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": TOKEN_HEADER,
        "description": "The same token, for clients behind the API server's service proxy. It takes precedence.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "titan-session-STORE",
        "description": "Cookie of a browser that has signed in; STORE is the first eight characters of the store's id. "
        f"Changes also need the header {CSRF_HEADER}.",
    },
}

_SECURITY: tuple[Json, ...] = tuple({scheme: []} for scheme in _SECURITY_SCHEMES)


def _path_parameters(path: str) -> Json:
    found = [known for known in (_NAMESPACE, _NAME) if f"{{{known['name']}}}" in path]
    return {"parameters": found} if found else {}


def _describe(operation: Operation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_query_parameters(operation), *_header_parameters(operation)],
        "responses": _answers(operation) | _refusals(operation),
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.need is not None:
        need = operation.need
        described["description"] = f"Needs the verb {need.verb} on {need.resource}.{need.group}."
        if need.is_for_people:
            described["description"] += " A token for the API server itself is accepted as well."
        described["security"] = [*_SECURITY, *([{}] if need.allows_anonymous else [])]
    elif operation.signed_in:
        described["description"] = "Needs a caller who is known; what the answer shows depends on their rights."
        described["security"] = [*_SECURITY]
    return described


def _query_parameters(operation: Operation) -> list[Json]:
    schema = operation.query.model_json_schema()
    required, descriptions = schema.get("required", []), describe_fields(operation.query)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": descriptions.get(name, ""),
            "schema": {key: value for key, value in described.items() if key not in ("description", "title")},
        }
        for name, described in schema.get("properties", {}).items()
    ]


def _header_parameters(operation: Operation) -> list[Json]:
    return [
        {"name": name, "in": "header", "description": _HEADERS[name], "schema": {"type": "string"}}
        for name in operation.headers
    ]


def _answers(operation: Operation) -> Json:
    described: Json = {}
    for status, answer in operation.answers.items():
        entry: Json = {"description": answer.description}
        if answer.content is not None:
            entry["content"] = _content(answer.content)
        if answer.headers:
            headers = {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in answer.headers}
            entry["headers"] = headers
        described[str(status)] = entry
    return described


def _refusals(operation: Operation) -> Json:
    """One answer per status; its description lists the codes."""
    secured = _SECURED if operation.need else _KNOWN if operation.signed_in else ((503, "Unavailable"),)
    forged = (
        ((403, "CSRFTokenMissing"),)
        if (operation.need or operation.signed_in) and operation.method not in ("GET", "HEAD")
        else ()
    )
    stalled = ((408, "RequestTimeout"),) if operation.body else ()
    full = ((507, "InsufficientStorage"),) if operation.grows or operation.body else ()
    codes: dict[int, list[str]] = {}
    for status, code in (*secured, *forged, *operation.refusals, *stalled, *full):
        codes.setdefault(status, []).append(code)
    body = None if operation.method == "HEAD" else _content(Content(JSON, ErrorBody))
    return {
        str(status): {"description": ", ".join(codes[status]) + "."} | ({"content": body} if body else {})
        for status in sorted(codes)
    }


def _content(content: Content) -> Json:
    if content.model is not None:
        return {content.media_type: {"schema": {"$ref": _REFERENCE.format(model=content.model.__name__)}}}
    is_text = content.media_type == TEXT
    return {content.media_type: {"schema": {"type": "string"} if is_text else {}}}


def _schemas(operations: Iterable[Operation]) -> Json:
    models: set[type[BaseModel]] = {ErrorBody}
    for operation in operations:
        contents = [answer.content for answer in operation.answers.values()]
        for content in filter(None, (operation.body, *contents)):
            models |= {*content.lines, *([content.model] if content.model else ())}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, document = models_json_schema([(model, "validation") for model in ordered], ref_template=_REFERENCE)
    schemas: Json = document["$defs"]
    known = {model.__name__: model for model in _with_parts(models)}
    for name, schema in schemas.items():
        for field, text in describe_fields(known[name]).items():
            schema["properties"][field]["description"] = text
    return schemas


def _with_parts(models: Iterable[type[BaseModel]]) -> set[type[BaseModel]]:
    """The models and those that they are made of."""
    found: set[type[BaseModel]] = set()
    waiting = list(models)
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            waiting += [part for field in model.model_fields.values() for part in _find_models(field.annotation)]
    return found


def _find_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _find_models(part)]

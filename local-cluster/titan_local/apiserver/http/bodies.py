"""What clients send: JSON, YAML or the few protobuf messages of kubectl, and query parameters."""

import json
from typing import Any

from aiohttp import web

from titan_api.json_types import Json
from titan_local.apiserver.rules.errors import ApiError, bad_request, unsupported_media_type
from titan_local.apiserver.rules.mistakes import go_kind
from titan_local.apiserver.rules.reads import protobuf

SIZE_LIMIT = 3 * 1024 * 1024
"""Bytes of a body, as the real server's default."""
_PROTOBUF = "application/vnd.kubernetes.protobuf"
_YAML = "application/yaml"
_GO_HEAD = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
_NO_OBJECT = "the body is no JSON object"
_SHOWN_BYTES = 1024
_TRUE = frozenset({"true", "True", "TRUE", "t", "T", "1", ""})


async def read_object(request: web.Request, kind: str = "") -> Json:
    """The object in a body, which must be of a kind if one is given; {} for an empty one otherwise.

    Raises ApiError 400, 413, 415.
    """
    raw = await read_raw(request)
    if not raw and not kind:
        return {}
    match request.content_type:
        case "application/vnd.kubernetes.protobuf":
            body = protobuf.decode(raw)
        case "application/yaml":
            body = parse_yaml(raw)
        case "application/json" | "application/octet-stream" | "text/plain":  # the latter two: no header was given
            body = _parse_object(raw, kind)
        case _:
            raise unsupported_media_type(["application/json", _YAML, _PROTOBUF])
    if not isinstance(body, dict):
        raise bad_request(f"{_unrecognized(kind)}couldn't get version/kind; json parse error: {_NO_OBJECT}")
    return body


def _parse_object(raw: bytes, kind: str) -> Any:
    """A JSON document, which is an object. Raises ApiError 400."""
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        why = f"couldn't get version/kind; json parse error: {go_error(raw, error)}"
        raise bad_request(f"{_unrecognized(kind)}{why}{_shown(raw, is_text=True) if kind else ''}") from error
    if not isinstance(body, dict):
        found = f"json: cannot unmarshal {go_kind(body)} into Go value of type {_GO_HEAD}"
        why = f"couldn't get version/kind; json parse error: {found}"
        raise bad_request(f"{_unrecognized(kind)}{why}{_shown(raw, is_text=False) if kind else ''}")
    return body


def go_error(raw: bytes, error: ValueError | RecursionError) -> str:
    """What Go's JSON reader says: mostly that the document ended too early; elsewhere Python's words must do."""
    ends_early = isinstance(error, json.JSONDecodeError) and error.pos >= len(raw.rstrip())
    return "unexpected end of JSON input" if ends_early or not raw else str(error)


def _unrecognized(kind: str) -> str:
    return f"the object provided is unrecognized (must be of type {kind}): " if kind else ""


def _shown(raw: bytes, *, is_text: bool) -> str:
    if not raw:
        return " (<empty>)"
    return f" ({raw[:_SHOWN_BYTES].decode(errors='replace')})" if is_text else f" ({raw[:_SHOWN_BYTES].hex()})"


async def read_raw(request: web.Request) -> bytes:
    """The bytes of a body. Raises ApiError 413."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        message = f"Request entity too large: limit is {SIZE_LIMIT}"
        raise ApiError(413, "RequestEntityTooLarge", message) from error


def parse_json(raw: bytes, prefix: str = "") -> Any:
    """A JSON document. Raises ApiError 400 whose message begins with the prefix."""
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"{prefix}{go_error(raw, error)}") from error


def parse_yaml(raw: bytes) -> Any:
    """A YAML document. Raises ApiError 400."""
    import yaml  # 0.03 s that most runs of the server never need

    try:
        return yaml.load(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise bad_request(f"error decoding YAML: {error}") from error


def flag(request: web.Request, name: str) -> bool:
    """A boolean query parameter, as Go reads it."""
    value = request.query.get(name)
    return value is not None and value in _TRUE


def number(request: web.Request, name: str) -> int | None:
    """An integer query parameter; None if it is absent. Raises ApiError 400."""
    value = request.query.get(name)
    if not value:
        return None
    try:
        return int(value)
    except ValueError as error:
        raise bad_request(f'strconv.ParseInt: parsing "{value}": invalid syntax') from error


def _refuse_constant(text: str) -> float:
    raise ValueError(f"invalid character in literal {text}")

"""What clients send: JSON, YAML or the few protobuf messages of kubectl, and query parameters."""

import json
from typing import Any

from aiohttp import web

from titan_local.apiserver.rules import protobuf
from titan_local.apiserver.rules.errors import ApiError, bad_request, unsupported_media_type

Json = dict[str, Any]

SIZE_LIMIT = 3 * 1024 * 1024
"""Bytes of a body, as the real server's default."""
_PROTOBUF = "application/vnd.kubernetes.protobuf"
_YAML = "application/yaml"
_TRUE = frozenset({"true", "True", "TRUE", "t", "T", "1", ""})


async def read_object(request: web.Request) -> Json:
    """The object in a body; {} for an empty one. Raises ApiError 400, 413, 415."""
    raw = await read_raw(request)
    if not raw:
        return {}
    match request.content_type:
        case "application/vnd.kubernetes.protobuf":
            body = protobuf.decode(raw)
        case "application/yaml":
            body = parse_yaml(raw)
        case "application/json" | "application/octet-stream" | "text/plain":  # the latter two: no header was given
            body = parse_json(raw)
        case _:
            raise unsupported_media_type(["application/json", _YAML, _PROTOBUF])
    if not isinstance(body, dict):
        raise bad_request("couldn't get version/kind; json parse error: the body is no JSON object")
    return body


async def read_raw(request: web.Request) -> bytes:
    """The bytes of a body. Raises ApiError 413."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        message = f"Request entity too large: limit is {SIZE_LIMIT}"
        raise ApiError(413, "RequestEntityTooLarge", message) from error


def parse_json(raw: bytes) -> Any:
    """A JSON document. Raises ApiError 400."""
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"the body of the request is no JSON: {error}") from error


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
        raise bad_request(f'strconv.ParseInt: parsing "{value}": invalid syntax (parameter {name})') from error


def _refuse_constant(text: str) -> float:
    raise ValueError(f"invalid character in literal {text}")

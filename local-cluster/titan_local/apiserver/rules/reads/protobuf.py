"""The few protobuf bodies that kubectl sends: typed creates of small kinds, and delete options.

Only what those messages hold is decoded; ``messages`` says which fields that are.
"""

import base64
from collections.abc import Callable
from typing import Any

from titan_api.json_types import Json
from titan_local.apiserver.rules.errors import bad_request
from titan_local.apiserver.rules.reads.messages import KINDS, Message, Nested

MAGIC = b"k8s\x00"


def decode(body: bytes) -> Json:
    """The object inside an envelope. Raises ApiError 400 for nonsense and for kinds that are not known here."""
    if not body.startswith(MAGIC):
        raise bad_request("the body is no protobuf of Kubernetes")
    try:
        return _open_envelope(body[len(MAGIC) :])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise bad_request(f"the protobuf body cannot be read: {error}") from error


def _open_envelope(data: bytes) -> Json:
    envelope = _fields(data)
    type_meta = _fields(envelope.get(1, [b""])[0])
    version = type_meta.get(1, [b""])[0].decode()
    kind = type_meta.get(2, [b""])[0].decode()
    message = KINDS.get(kind)
    if message is None:
        raise bad_request(f"the local API subset does not decode protobuf of kind {kind}; send JSON")
    return {"apiVersion": version, "kind": kind, **_decode(envelope.get(2, [b""])[0], message)}


def _fields(data: bytes) -> dict[int, list[Any]]:
    """Field number to its values: integers for varints, bytes for length-delimited ones."""
    found: dict[int, list[Any]] = {}
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        if tag & 7 == 0:
            value, position = _varint(data, position)
            found.setdefault(tag >> 3, []).append(value)
        elif tag & 7 == 2:
            length, position = _varint(data, position)
            found.setdefault(tag >> 3, []).append(data[position : position + length])
            position += length
        else:
            raise bad_request(f"the protobuf body has a field of the unknown wire type {tag & 7}")
    return found


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(data):
            raise bad_request("the protobuf body is truncated")
        byte = data[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return value, position


def _decode(data: bytes, message: Message) -> Json:
    result: Json = {}
    fields = _fields(data)
    for number, (name, kind) in message.items():
        values = fields.get(number)
        if not values:
            continue
        match kind:
            case "string":
                result[name] = values[-1].decode()
            case "strings":
                result[name] = [value.decode() for value in values]
            case "int":
                result[name] = values[-1] - (1 << 64) if values[-1] >= 1 << 63 else values[-1]
            case "bool":
                result[name] = bool(values[-1])
            case "map":
                result[name] = dict(_pair(value, bytes.decode) for value in values)
            case "bytes_map":
                result[name] = dict(_pair(value, lambda raw: base64.b64encode(raw).decode()) for value in values)
            case Nested(inner, repeated=True):
                result[name] = [_decode(value, inner) for value in values]
            case Nested(inner):
                result[name] = _decode(values[-1], inner)
    return result


def _pair(data: bytes, convert: Callable[[bytes], str]) -> tuple[str, str]:
    fields = _fields(data)
    return fields.get(1, [b""])[0].decode(), convert(fields.get(2, [b""])[0])

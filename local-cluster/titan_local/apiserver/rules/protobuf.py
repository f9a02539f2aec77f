"""The few protobuf bodies that kubectl sends: typed creates of small kinds, and delete options.

Only what those messages hold is decoded; field numbers are those of k8s.io/api and k8s.io/apimachinery.
"""

import base64
from collections.abc import Callable
from typing import Any

from titan_local.apiserver.rules.errors import bad_request

Json = dict[str, Any]
Message = dict[int, tuple[str, str | Callable[[bytes], Any]]]

MAGIC = b"k8s\x00"


def decode(body: bytes) -> Json:
    """The object inside an envelope. Raises ApiError 400 for kinds that are not known here."""
    if not body.startswith(MAGIC):
        raise bad_request("the body is no protobuf of Kubernetes")
    envelope = _fields(body[len(MAGIC) :])
    type_meta = _fields(envelope.get(1, [b""])[0])
    version = type_meta.get(1, [b""])[0].decode()
    kind = type_meta.get(2, [b""])[0].decode()
    message = _KINDS.get(kind)
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
                result[name] = values[-1]
            case "bool":
                result[name] = bool(values[-1])
            case "map":
                result[name] = dict(_pair(value, bytes.decode) for value in values)
            case "bytes_map":
                result[name] = dict(_pair(value, lambda raw: base64.b64encode(raw).decode()) for value in values)
            case _ if callable(kind):
                result[name] = kind(values[-1])
    return result


def _pair(data: bytes, convert: Callable[[bytes], str]) -> tuple[str, str]:
    fields = _fields(data)
    return fields.get(1, [b""])[0].decode(), convert(fields.get(2, [b""])[0])


def _nested(message: Message) -> Callable[[bytes], Json]:
    return lambda data: _decode(data, message)


_META = _nested({
    1: ("name", "string"), 2: ("generateName", "string"), 3: ("namespace", "string"),
    11: ("labels", "map"), 12: ("annotations", "map"),
})  # fmt: skip
_ATTRIBUTES = _nested({
    1: ("namespace", "string"), 2: ("verb", "string"), 3: ("group", "string"), 4: ("version", "string"),
    5: ("resource", "string"), 6: ("subresource", "string"), 7: ("name", "string"),
})  # fmt: skip
_KINDS: dict[str, Message] = {
    "Namespace": {1: ("metadata", _META)},
    "ServiceAccount": {1: ("metadata", _META)},
    "ConfigMap": {1: ("metadata", _META), 2: ("data", "map"), 3: ("binaryData", "bytes_map"), 4: ("immutable", "bool")},
    "Secret": {
        1: ("metadata", _META), 2: ("data", "bytes_map"), 3: ("type", "string"), 4: ("stringData", "map"),
        5: ("immutable", "bool"),
    },
    "SelfSubjectAccessReview": {
        1: ("metadata", _META),
        2: ("spec", _nested({
            1: ("resourceAttributes", _ATTRIBUTES),
            2: ("nonResourceAttributes", _nested({1: ("path", "string"), 2: ("verb", "string")})),
        })),
    },
    "SelfSubjectRulesReview": {1: ("metadata", _META), 2: ("spec", _nested({1: ("namespace", "string")}))},
    "SelfSubjectReview": {1: ("metadata", _META)},
    "DeleteOptions": {
        1: ("gracePeriodSeconds", "int"),
        2: ("preconditions", _nested({1: ("uid", "string"), 2: ("resourceVersion", "string")})),
        4: ("propagationPolicy", "string"), 5: ("dryRun", "strings"),
    },
    "TokenRequest": {
        1: ("metadata", _META),
        2: ("spec", _nested({1: ("audiences", "strings"), 4: ("expirationSeconds", "int")})),
    },
}  # fmt: skip

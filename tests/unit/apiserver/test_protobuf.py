"""The decoder for kubectl's typed creates: what it understands, and that nonsense is an answer and no crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from titan_local.apiserver.rules.errors import ApiError
from titan_local.apiserver.rules.reads.protobuf import MAGIC, decode


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value % (1 << 64))
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes([*encoded, value])


def envelope(version: str, kind: str, body: bytes) -> bytes:
    head = field(1, version.encode()) + field(2, kind.encode())
    return MAGIC + field(1, head) + field(2, body)


META = field(1, field(1, b"x") + field(11, field(1, b"k") + field(2, b"v")))


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("ConfigMap", META + field(2, field(1, b"a") + field(2, "ä".encode())), {"data": {"a": "ä"}}),
        ("Secret", META + field(2, field(1, b"a") + field(2, b"\x00\xff")), {"data": {"a": "AP8="}}),
        ("PriorityClass", META + field(2, -5) + field(3, 1), {"value": -5, "globalDefault": True}),
        ("Role", META + field(2, field(1, b"get") + field(1, b"list") + field(3, b"pods")), {"rules": [{"verbs": ["get", "list"], "resources": ["pods"]}]}),
        ("Namespace", META + field(99, b"from the future"), {}),
    ],
)  # fmt: skip
def test_kinds_are_decoded(kind: str, body: bytes, expected: dict) -> None:
    decoded = decode(envelope("v1", kind, body))
    assert decoded == {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", "labels": {"k": "v"}}} | expected


@given(st.binary(max_size=60))
def test_nonsense_is_a_bad_request(noise: bytes) -> None:
    for body in (noise, MAGIC + noise, envelope("v1", "ConfigMap", noise)):
        try:
            decode(body)
        except ApiError as error:
            assert error.code == 400


@pytest.mark.parametrize("body", [field(1, 7), field(1, field(1, b"\xff")), field(2, field(1, 5) + field(2, 5))])
def test_fields_of_the_wrong_type_are_a_bad_request(body: bytes) -> None:
    with pytest.raises(ApiError, match="cannot be read"):
        decode(envelope("v1", "ConfigMap", body))


def test_a_kind_that_is_not_known_is_named() -> None:
    with pytest.raises(ApiError, match="does not decode protobuf of kind Deployment; send JSON"):
        decode(envelope("apps/v1", "Deployment", b""))

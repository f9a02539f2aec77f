"""Whatever comes in: a documented status with an error body, and the store goes on."""

import asyncio
import json

import pytest
from builders.store.reviewers import CLIENT, JOB, RUNNER
from builders.store.stores import ATTEMPT, Store

BIG = "x" * 2**16


async def exchange(store: Store, data: bytes) -> tuple[int, dict[str, object]]:
    """Bytes out, status and JSON body back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", store.port)
    writer.write(data)
    async with asyncio.timeout(10):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        body = await reader.readexactly(int(length.partition(":")[2]))
    writer.close()
    return int(head.split(" ")[1]), json.loads(body)


def request(line: str, *headers: str) -> bytes:
    base = f"{line} HTTP/1.1", "Host: x", f"Authorization: Bearer {CLIENT}"
    return "\r\n".join((*base, *headers, "", "")).encode("latin-1")


VALUE = "/v1/namespaces/team/value"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (request(f"GET {VALUE}?key={BIG}"), 400),
        (request(f"GET {VALUE}?key=k", f"X-Big: {BIG}"), 400),
        (request(f"GET {VALUE}?key=k", f"X-Titan-Token: {BIG}"), 400),
        (request(f"GET {VALUE}?key=k", *(f"X-{number}: 1" for number in range(1000))), 400),
        (request(f"GET {VALUE}?key=k", "Content-Length: -1"), 400),
        (request(f"GET {VALUE}?key=k", "Content-Length: 1", "Content-Length: 2"), 400),
        (request(f"PUT {VALUE}?key=k", "Transfer-Encoding: chunked") + b"zz\r\n", 400),
        (request(f"GET {VALUE}?key=%FF"), 400),
        (request(f"GET {VALUE}?key=%ED%A0%80"), 400),
        (request(f"GET {VALUE}?key=\xff"), 400),
        (request(f"GET {VALUE}?key=a&key=b"), 400),
        (request(f"GET {VALUE}?key="), 400),
        (request(f"GET {VALUE}?key={'x' * 1025}"), 400),
        (request(f"GET {VALUE}"), 400),
        (request("GET /v1/namespaces/a%2Fb/value?key=k"), 400),
        (request("GET /v1/namespaces/../value?key=k"), 400),
        (request("GET /v1/namespaces/%2E%2E/value?key=k"), 400),
        (request("GET /v1/namespaces/Team/value?key=k"), 400),
        (request("GET /v1/namespaces/team%0A/value?key=k"), 400),
        (request(f"GET /v1/namespaces/{'x' * 64}/value?key=k"), 400),
        (request("GET /v1/namespaces//value?key=k"), 404),
        (request("GET /nowhere"), 404),
        (request(f"GET {VALUE}/k"), 404),
        (request(f"PATCH {VALUE}?key=k"), 405),
        (request(f"POST {VALUE}?key=k", "Content-Length: 0"), 405),
        (request(f"PUT {VALUE}?key=k", "Content-Encoding: gzip", "Content-Length: 3") + b"abc", 400),
        (request(f"PUT {VALUE}?key=k", "Content-Length: 3") + b"a\xffb", 400),
        (request(f"PUT {VALUE}?key=k", f"Content-Length: {2**20 + 1}"), 413),
        (request(f"PUT {VALUE}?key=k", "Expect: 200-maybe", "Content-Length: 1"), 417),
        (request(f"PUT {VALUE}?key=k&ttlSeconds=0", "Content-Length: 0"), 400),
        (request(f"PUT {VALUE}?key=k&ttlSeconds=soon", "Content-Length: 0"), 400),
    ],
)
async def test_a_bad_request_gets_a_status_a_code_and_one_sentence(store: Store, data: bytes, status: int) -> None:
    code, body = await exchange(store, data)
    assert code == status
    error = body["error"]
    assert isinstance(error, dict)
    assert error["code"] and error["message"].endswith(".") and "\n" not in error["message"]
    assert "Traceback" not in error["message"]
    assert (await store.get("/readyz", token=None)).status == 200


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/log", {"job": "../../etc"}),
        ("/log", {"job": "a/b"}),
        ("/log", {"job": ""}),
        ("/log", {"job": "x" * 65}),
        ("/log", {"job": "nul\0"}),
        ("/log", {"job": JOB, "attempt": "0"}),
        ("/log", {"job": JOB, "attempt": "-1"}),
        ("/log", {"job": JOB, "attempt": "one"}),
        ("/log", {"job": JOB, "offset": "-1"}),
        ("/log", {"job": JOB, "offset": str(2**64)}),
        ("/log", {"job": JOB, "follow": "perhaps"}),
        ("/log", {"job": JOB, "timeoutSeconds": "NaN"}),
        ("/log", {"job": JOB, "timeoutSeconds": "1e9"}),
        ("/outcome", {"job": JOB}),
        ("/values", {"limit": "0"}),
        ("/values", {"limit": "many"}),
        ("/values", {"continue": "not base64!"}),
        ("/values", {"continue": "_____"}),
        ("/files", {"continue": "/w"}),
    ],
)
async def test_a_bad_parameter_is_named(store: Store, path: str, query: dict[str, str]) -> None:
    reply = await store.get(path, query)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert any(name in reply.json["error"]["message"] for name in (*query, "attempt"))


@pytest.mark.parametrize("body", [b"", b"{", b'{"by": "1"}', b'{"by": 1.5}', b'{"by": true}', b"[1]", b'"x"', b"\xff"])
async def test_a_bad_increment_is_refused(store: Store, body: bytes) -> None:
    reply = await store.call("POST", "/value/increment", {"key": "n"}, data=body)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert (await store.get("/value", {"key": "n"})).status == 404


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"[" * 100_000, b'{"phase": "run"}', b"\x00"])
async def test_a_bad_outcome_is_refused(store: Store, body: bytes) -> None:
    reply = await store.call("PUT", "/outcome", ATTEMPT, token=RUNNER, data=body)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert (await store.get("/outcome", ATTEMPT)).status == 404


async def test_a_body_that_is_cut_off_changes_nothing(store: Store) -> None:
    await store.put_value("k", "old")
    _, writer = await asyncio.open_connection("127.0.0.1", store.port)
    writer.write(request(f"PUT {VALUE}?key=k", "Content-Length: 10") + b"new")
    await writer.drain()
    writer.write_eof()
    writer.close()
    await writer.wait_closed()
    await store.settle()
    assert (await store.get("/value", {"key": "k"})).text == "old"


async def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(store: Store) -> None:
    reply = await store.put("/value", {"key": "k"}, b"v", expect100=True)
    assert reply.status == 204


async def test_unknown_parameters_are_ignored(store: Store) -> None:
    assert (await store.put("/value", {"key": "k", "pretty": "true"}, b"v")).status == 204

"""Files and blobs: whole or not there, under their names, in ranges, whatever the client does."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from builders.store.stores import Store

CONTENT = bytes(range(256)) * 5000
SHA = hashlib.sha256(CONTENT)
DIGEST = f"sha256:{SHA.hexdigest()}"
REPR = f"sha-256=:{base64.b64encode(SHA.digest()).decode()}:"


def header_of(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.mark.parametrize("name", ["plain.csv", "reports/2026/größe.txt", "😀" * 300, "a..b/.hidden", "%2F", "a b+c&d"])
@pytest.mark.parametrize("content", [b"", b"x", CONTENT], ids=["empty", "byte", "big"])
async def test_a_file_of_any_name_and_size_comes_back_as_it_was(store: Store, name: str, content: bytes) -> None:
    written = await store.put("/file", {"name": name}, content, headers={"Repr-Digest": header_of(content)})
    assert written.status == 201
    assert written.json["name"] == name
    read = await store.get("/file", {"name": name})
    assert read.body == content
    assert read.headers["Repr-Digest"] == header_of(content)
    assert read.headers["ETag"] == f'"{written.json["digest"]}"'
    assert (await store.get("/files", {"prefix": name})).json["items"] == [written.json]


async def test_head_tells_size_and_digest_without_the_content(store: Store) -> None:
    await store.put("/file", {"name": "f"}, CONTENT)
    head = await store.call("HEAD", "/file", {"name": "f"})
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(CONTENT)), b"")
    assert head.headers["Repr-Digest"] == REPR


async def test_a_body_that_is_not_what_its_digest_says_leaves_the_old_file(store: Store) -> None:
    await store.put("/file", {"name": "f"}, b"old")
    reply = await store.put("/file", {"name": "f"}, b"broken", headers={"Repr-Digest": REPR})
    assert (reply.status, reply.code) == (400, "DigestMismatch")
    assert (await store.get("/file", {"name": "f"})).body == b"old"


@pytest.mark.parametrize("header", ["sha-256=:!!:", "sha-256=:YWJj:", "sha-256=abc", "sha-256", "sha-256=:" + "A" * 43])
async def test_a_malformed_digest_is_refused_rather_than_ignored(store: Store, header: str) -> None:
    reply = await store.put("/file", {"name": "f"}, b"x", headers={"Repr-Digest": header})
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert (await store.get("/file", {"name": "f"})).status == 404


async def test_of_several_digests_the_one_that_the_store_knows_is_checked(store: Store) -> None:
    headers = {"Repr-Digest": f"md5=:YWJj:, {header_of(b'x')}"}
    assert (await store.put("/file", {"name": "f"}, b"x", headers=headers)).status == 201
    assert (await store.put("/file", {"name": "f"}, b"y", headers=headers)).status == 400
    assert (await store.put("/file", {"name": "f"}, b"y", headers={"Repr-Digest": "md5=:YWJj:"})).status == 201


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=10-19", 206, 10, 20),
        ("bytes=100-", 206, 100, None),
        ("bytes=-7", 206, -7, None),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=-99999999", 206, 0, None),
        ("bytes=9999999-", 416, 0, 0),
        ("bytes=5-2", 200, 0, None),
        ("bytes=1-2,5-6", 200, 0, None),
        ("lines=1-2", 200, 0, None),
        ("bytes=a-b", 200, 0, None),
    ],
)
async def test_a_range_gives_that_part(store: Store, wanted: str, status: int, start: int, end: int | None) -> None:
    await store.put("/file", {"name": "f"}, CONTENT)
    reply = await store.get("/file", {"name": "f"}, headers={"Range": wanted})
    assert reply.status == status
    if status == 416:
        assert reply.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
        return
    assert reply.body == CONTENT[start:end]
    if status == 206:
        first = len(CONTENT) + start if start < 0 else start
        last = first + len(reply.body) - 1
        assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"


async def test_a_download_that_goes_on_after_the_file_was_replaced_starts_anew(store: Store) -> None:
    tag = (await store.put("/file", {"name": "f"}, b"old content")).json["digest"]
    headers = {"Range": "bytes=4-", "If-Range": f'"{tag}"'}
    assert (await store.get("/file", {"name": "f"}, headers=headers)).body == b"content"
    await store.put("/file", {"name": "f"}, b"other bytes")
    reply = await store.get("/file", {"name": "f"}, headers=headers)
    assert (reply.status, reply.body) == (200, b"other bytes")


async def test_who_reads_a_file_that_is_replaced_and_deleted_gets_all_of_the_old_one(store: Store) -> None:
    big = CONTENT * 8
    await store.put("/file", {"name": "f"}, big)
    headers = {"Authorization": "Bearer client-token"}
    async with store.session.get(store.url("/file?name=f"), headers=headers) as reading:
        begin = await reading.content.read(10)
        await store.put("/file", {"name": "f"}, b"new")
        await store.call("DELETE", "/file", {"name": "f"})
        assert begin + await reading.read() == big
    assert (await store.get("/file", {"name": "f"})).status == 404


async def test_a_file_of_many_pieces_comes_back_whole_and_in_ranges_on_one_connection(store: Store) -> None:
    big = CONTENT * 14
    await store.put("/file", {"name": "f"}, big)
    for _ in range(2):
        assert (await store.get("/file", {"name": "f"})).body == big
    for start, end in ((0, len(big)), (1, 2**23 + 1), (2**23 - 1, 2**23 + 1), (5, 2**18 + 6), (len(big) - 3, len(big))):
        part = await store.get("/file", {"name": "f"}, headers={"Range": f"bytes={start}-{end - 1}"})
        assert part.body == big[start:end]


async def test_who_leaves_in_the_middle_of_a_big_download_disturbs_nobody(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await store.put("/file", {"name": "f"}, CONTENT * 40)
    head = "GET /v1/namespaces/team/file?name=f HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer client-token\r\n\r\n"
    for _ in range(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", store.port)
        writer.write(head.encode())
        await reader.read(1000)
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(10):
        while 'code="499"' not in (await store.get("/metrics", token=None)).text:
            await asyncio.sleep(0.01)
    assert (await store.get("/file", {"name": "f"})).body == CONTENT * 40
    assert not caplog.records


async def test_readers_meet_the_old_or_the_new_content_while_a_file_is_replaced_again_and_again(store: Store) -> None:
    contents = [bytes([number]) * 5000 for number in range(20)]
    await store.put("/file", {"name": "f"}, contents[0])

    async def write() -> None:
        for content in contents:
            await store.put("/file", {"name": "f"}, content)

    async def read() -> None:
        for _ in range(20):
            assert (await store.get("/file", {"name": "f"})).body in contents

    await asyncio.gather(write(), read(), read())


async def test_an_upload_that_breaks_off_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    await store.put("/file", {"name": "f"}, b"old")
    head = (
        f"PUT /v1/namespaces/team/file?name=f HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer client-token\r\n"
        f"Content-Length: {2**22}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", store.port)
    writer.write(head.encode() + b"n" * 2**21)
    await writer.drain()
    incoming = tmp_path / "data" / "incoming"
    async with asyncio.timeout(10):
        while not list(incoming.iterdir()):
            await store.settle()
        writer.close()
        while list(incoming.iterdir()):
            await store.settle()
    assert (await store.get("/file", {"name": "f"})).body == b"old"


async def test_replaced_and_deleted_files_free_their_bytes(store: Store, tmp_path: Path) -> None:
    for content in (b"one", b"two", b"three"):
        await store.put("/file", {"name": "f"}, content)
    objects = [path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in objects] == [b"three"]
    await store.call("DELETE", "/file", {"name": "f"})
    assert not [path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]
    assert (await store.call("DELETE", "/file", {"name": "f"})).code == "FileNotFound"


@pytest.mark.parametrize(
    "name", ["", "..", "a/../b", "/etc/passwd", "a//b", "a/", ".", "nul\0", "line\nbreak", "x" * 1025]
)
async def test_a_name_that_could_lead_out_of_a_directory_is_refused(store: Store, name: str) -> None:
    for reply in (await store.put("/file", {"name": name}, b"x"), await store.get("/file", {"name": name})):
        assert (reply.status, reply.code) == (400, "BadRequest")
        assert "name" in reply.json["error"]["message"]


async def test_files_are_listed_by_prefix_page_by_page(store: Store) -> None:
    for name in ("b", "a/2", "a/1", "a0"):
        await store.put("/file", {"name": name}, name.encode())
    page = (await store.get("/files", {"prefix": "a/", "limit": "1"})).json
    rest = (await store.get("/files", {"prefix": "a/", "continue": page["continue"]})).json
    assert [item["name"] for item in page["items"] + rest["items"]] == ["a/1", "a/2"]
    assert "continue" not in rest


async def test_a_blob_is_written_once_and_the_same_again_is_nothing_new(store: Store) -> None:
    assert (await store.put("/blob", {"digest": DIGEST}, CONTENT)).status == 201
    again = await store.put("/blob", {"digest": DIGEST}, CONTENT)
    assert (again.status, again.json) == (200, {"digest": DIGEST, "size": len(CONTENT)})
    assert (await store.get("/blob", {"digest": DIGEST})).body == CONTENT
    assert (await store.call("HEAD", "/blob", {"digest": DIGEST})).headers["Content-Length"] == str(len(CONTENT))
    part = await store.get("/blob", {"digest": DIGEST}, headers={"Range": "bytes=256-511"})
    assert part.body == CONTENT[256:512]


async def test_a_blob_with_other_content_than_its_digest_is_refused_and_stays_missing(store: Store) -> None:
    reply = await store.put("/blob", {"digest": DIGEST}, b"something else")
    assert (reply.status, reply.code) == (400, "DigestMismatch")
    assert (await store.get("/blob", {"digest": DIGEST})).code == "BlobNotFound"
    assert (await store.call("HEAD", "/blob", {"digest": DIGEST})).status == 404


@pytest.mark.parametrize("digest", ["", "sha256:abc", "md5:" + "0" * 32, "sha256:" + "A" * 64, "sha256:../" + "0" * 61])
async def test_what_is_no_digest_is_refused(store: Store, digest: str) -> None:
    assert (await store.get("/blob", {"digest": digest})).code == "BadRequest"


async def test_many_who_write_the_same_blob_at_once_all_succeed(store: Store) -> None:
    replies = await asyncio.gather(*(store.put("/blob", {"digest": DIGEST}, CONTENT) for _ in range(8)))
    assert {reply.status for reply in replies} <= {200, 201}
    assert (await store.get("/blob", {"digest": DIGEST})).body == CONTENT


async def test_a_chunked_upload_needs_no_length(store: Store) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(CONTENT), 100_000):
            yield CONTENT[start : start + 100_000]

    reply = await store.put("/file", {"name": "f"}, pieces(), headers={"Repr-Digest": REPR})
    assert (reply.status, reply.json["digest"]) == (201, DIGEST)

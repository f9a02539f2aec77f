"""One suite for every place that bytes can be in: a directory, and a bucket of a real S3 server."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders.store.reviewers import JOB, RUNNER
from builders.store.s3_server import S3Server, running_s3
from builders.store.stores import ATTEMPT, Store, running_store
from titan_store.api import keys
from titan_store.directory.objects import DirectoryBytes
from titan_store.directory.space import Space
from titan_store.directory.staging import Staging
from titan_store.directory.threads import DiskThreads
from titan_store.errors import DigestMismatch
from titan_store.keeping.backends import Bytes
from titan_store.serving import sweeps

BIG = bytes(range(256)) * (20 * 4096)
"""20 MiB: three parts of an upload in parts."""
LATER = datetime.now(UTC) + timedelta(days=1)
PLACES = ["directory", "s3"]


async def chunks(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.fixture(params=PLACES)
async def bytes_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bytes]:
    threads = DiskThreads()
    root = tmp_path / "data"
    root.mkdir()
    staging = Staging(root, threads, Space(lambda: 2**40, 0))
    staging.prepare()
    if request.param == "directory":
        yield DirectoryBytes(root, threads, staging)
    else:
        from titan_store.s3.buckets import Bucket
        from titan_store.s3.objects import S3Bytes

        async with running_s3(tmp_path) as server:
            yield S3Bytes(Bucket(server.settings), threads, staging)
    threads.close()
    assert not list((root / "incoming").iterdir())


async def put(store: Bytes, key: str, content: bytes) -> None:
    async with store.stage(chunks(content)) as staged:
        assert (staged.size, staged.digest) == (len(content), hashlib.sha256(content).hexdigest())
        await store.publish(staged, key)


async def read(store: Bytes, key: str) -> bytes | None:
    async with store.open(key) as content:
        if content is None:
            return None
        pieces = []
        while piece := await content.read(sum(map(len, pieces)), 2**18):
            pieces.append(piece)
        assert content.size == sum(map(len, pieces))
        return b"".join(pieces)


@pytest.mark.parametrize("content", [b"", b"x", BIG], ids=["empty", "byte", "big"])
async def test_what_was_published_comes_back(bytes_store: Bytes, content: bytes) -> None:
    await put(bytes_store, "files/ns/aa/object", content)
    assert await read(bytes_store, "files/ns/aa/object") == content


async def test_what_is_not_published_is_never_there(bytes_store: Bytes) -> None:
    with pytest.raises(DigestMismatch):
        async with bytes_store.stage(chunks(b"wrong")):
            raise DigestMismatch("not what was promised")
    assert await read(bytes_store, "files/ns/aa/object") is None
    assert await bytes_store.leftovers("files", LATER) == []


async def test_publishing_again_replaces(bytes_store: Bytes) -> None:
    await put(bytes_store, "files/ns/aa/object", b"old")
    await put(bytes_store, "files/ns/aa/object", b"new")
    assert await read(bytes_store, "files/ns/aa/object") == b"new"


async def test_any_part_can_be_read_in_any_order(bytes_store: Bytes) -> None:
    await put(bytes_store, "files/ns/aa/object", BIG)
    async with bytes_store.open("files/ns/aa/object") as content:
        assert content is not None
        for start, length in ((5_000_000, 100), (0, 10), (10, 10), (len(BIG) - 5, 100), (len(BIG), 1), (777, 300_000)):
            assert await content.read(start, length) == BIG[start : start + length]


async def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(bytes_store: Bytes) -> None:
    await put(bytes_store, "files/ns/aa/object", b"x")
    await bytes_store.delete("files/ns/aa/object")
    await bytes_store.delete("files/ns/aa/object")
    assert await read(bytes_store, "files/ns/aa/object") is None


async def test_who_reads_on_while_an_object_is_deleted_gets_all_of_it(bytes_store: Bytes) -> None:
    content = BIG[: 2**18]
    await put(bytes_store, "files/ns/aa/object", content)
    async with bytes_store.open("files/ns/aa/object") as opened:
        assert opened is not None
        begin = await opened.read(0, 1000)
        await bytes_store.delete("files/ns/aa/object")
        assert begin + await opened.read(1000, len(content)) == content


async def test_leftovers_are_the_keys_below_a_prefix_that_are_old(bytes_store: Bytes) -> None:
    keys_there = [f"files/ns/{number:02x}/object" for number in range(20)]
    for key in (*keys_there, "blobs/ns/aa/other"):
        await put(bytes_store, key, b"x")
    assert sorted(await bytes_store.leftovers("files", LATER)) == keys_there
    assert await bytes_store.leftovers("files", LATER - timedelta(days=2)) == []


# ------------------------------------------------------------------------------------------ a whole store on S3


@asynccontextmanager
async def store_on_s3(tmp_path: Path) -> AsyncIterator[tuple[Store, S3Server]]:
    async with running_s3(tmp_path) as server, running_store(tmp_path / "data", s3=server.settings) as store:
        yield store, server


async def test_files_and_blobs_of_a_store_on_s3_are_in_the_bucket_alone(tmp_path: Path) -> None:
    async with store_on_s3(tmp_path) as (store, server):
        assert (await store.put("/file", {"name": "f"}, BIG)).status == 201
        digest = {"digest": f"sha256:{hashlib.sha256(b'blob').hexdigest()}"}
        assert (await store.put("/blob", digest, b"blob")).status == 201
        assert (await store.get("/file", {"name": "f"})).body == BIG
        part = await store.get("/file", {"name": "f"}, headers={"Range": "bytes=9000000-9000009"})
        assert (part.status, part.body) == (206, BIG[9_000_000:9_000_010])
        assert (await store.call("HEAD", "/file", {"name": "f"})).headers["Content-Length"] == str(len(BIG))
        assert (await store.get("/blob", digest)).body == b"blob"
        assert [key.split("/")[2] for key in server.objects()] == ["blobs", "files"]
        await store.put("/file", {"name": "f"}, b"new")
        assert (await store.call("DELETE", "/file", {"name": "f"})).status == 204
        assert [key.split("/")[2] for key in server.objects()] == ["blobs"]
        assert not [
            path
            for path in (tmp_path / "data").rglob("*")
            if path.is_file() and "store.db" not in path.name and path.name != "lock"
        ]


async def test_a_log_moves_to_the_bucket_when_its_attempt_has_ended(tmp_path: Path) -> None:
    async with store_on_s3(tmp_path) as (store, server):
        await store.append(0, b"first\n")
        await store.append(6, b"second\n")
        assert server.objects() == []
        following = asyncio.ensure_future(store.get("/log", {"job": JOB, "follow": "true"}))
        await store.settle()
        await store.end()
        assert (await following).body == b"first\nsecond\n"
        local = tmp_path / "data" / "logs"
        async with asyncio.timeout(20):
            # os.walk, for the directories vanish while they are walked.
            while any(names for _, _, names in os.walk(local)):
                await store.settle()
        assert [key.rpartition("/")[2] for key in server.objects()] == ["1.log"]
        assert (await store.get("/log", ATTEMPT)).body == b"first\nsecond\n"
        assert (await store.get("/log", ATTEMPT | {"offset": "6"})).body == b"second\n"
        assert (await store.append(13, b"late", RUNNER)).code == "OutcomeRecorded"
        await sweeps.remove_orphans(store.swept, LATER)
        assert (await store.get("/log", ATTEMPT)).body == b"first\nsecond\n"
        before = store.app[keys.CLOCK]() + timedelta(days=1)
        for key in await store.app[keys.LOGS].index.old(before, 10):
            await store.app[keys.LOGS].remove(key, before)
        assert server.objects() == []


async def test_while_s3_is_away_uploads_are_refused_whole_and_work_again_without_a_restart(tmp_path: Path) -> None:
    async with store_on_s3(tmp_path) as (store, server):
        await store.put("/file", {"name": "f"}, b"old")
        await server.stop()
        digest = {"digest": f"sha256:{hashlib.sha256(b'blob').hexdigest()}"}
        refused = [
            await store.put("/file", {"name": "f"}, b"new"),
            await store.put("/blob", digest, b"blob"),
            await store.get("/file", {"name": "f"}),
        ]
        assert {(reply.status, reply.code) for reply in refused} == {(503, "Unavailable")}
        assert all("Retry-After" in reply.headers for reply in refused)
        assert (await store.put_value("k", "v")).status == 204
        assert (await store.append(0, b"log")).status == 200
        assert (await store.end()).status == 201
        assert (await store.get("/log", ATTEMPT)).body == b"log"
        await server.start()
        assert (await store.get("/file", {"name": "f"})).body == b"old"
        assert (await store.get("/blob", digest)).status == 404
        assert (await store.put("/file", {"name": "f"}, b"new")).status == 201
        assert (await store.get("/file", {"name": "f"})).body == b"new"
        assert len([key for key in server.objects() if "/files/" in key]) == 1


async def test_a_store_does_not_start_without_the_bucket_that_has_its_bytes(tmp_path: Path) -> None:
    async with store_on_s3(tmp_path) as (store, server):
        await store.put("/file", {"name": "f"}, b"x")
        location = server.settings.location
    with pytest.raises(Exception, match=location):
        async with running_store(tmp_path / "data"):
            raise AssertionError("it must not start")


async def test_a_bucket_that_nobody_made_is_named_in_the_refusal(tmp_path: Path) -> None:
    async with store_on_s3(tmp_path) as (store, server):
        (server.directory / "titan").rename(server.directory / "elsewhere")
        reply = await store.put("/file", {"name": "f"}, b"x")
        assert (reply.status, reply.code) == (503, "Unavailable")
        assert "NoSuchBucket" in reply.json["error"]["message"]

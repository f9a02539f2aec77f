"""Quotas of a namespace, the cap on memory, and uploads that stop half-way."""

import asyncio
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders.store.reviewers import NAMESPACE_UID, FakeReviewer
from builders.store.stores import FakeClock, Reply, Store, running_store
from titan_store.api import keys
from titan_store.settings import Quotas
from titan_store.sqlite.database import DATABASE_FILE

SMALL = Quotas(value_bytes=1000, value_count=5, file_bytes=10_000)


def assert_refused(reply: Reply, *words: str) -> None:
    assert (reply.status, reply.code) == (507, "InsufficientStorage")
    message = reply.json["error"]["message"]
    assert "quota" in message
    for word in words:
        assert word in message


async def test_bytes_of_values_are_counted_and_freed(tmp_path: Path) -> None:
    async with running_store(tmp_path, quotas=SMALL) as store:
        assert (await store.put_value("a", "x" * 600)).status == 204
        assert_refused(await store.put_value("b", "x" * 600), "values", "1000 bytes")
        assert (await store.get("/value", {"key": "b"})).status == 404
        assert (await store.put_value("a", "x" * 900)).status == 204
        assert_refused(await store.put_value("a", "x" * 1001), "values")
        assert (await store.get("/value", {"key": "a"})).text == "x" * 900
        assert (await store.call("DELETE", "/value", {"key": "a"})).status == 204
        assert (await store.put_value("b", "x" * 600)).status == 204


async def test_values_and_members_of_sets_share_one_number(tmp_path: Path) -> None:
    async with running_store(tmp_path, quotas=SMALL) as store:
        for number in range(3):
            await store.put_value(f"k{number}", "v")
        for member in "ab":
            assert (await store.post("/set/add", {"key": "s"}, {"member": member})).json == {"added": 1}
        assert_refused(await store.put_value("k3", "v"), "values", "5 entries")
        assert_refused(await store.post("/set/add", {"key": "s"}, {"member": "c"}), "5 entries")
        assert_refused(await store.post("/value/increment", {"key": "n"}, {"by": 1}), "5 entries")
        assert (await store.post("/set/add", {"key": "s"}, {"member": "a"})).json == {"added": 0}
        assert (await store.put_value("k0", "other")).status == 204
        assert (await store.post("/set/remove", {"key": "s"}, {"member": "a"})).json == {"removed": 1}
        assert (await store.put_value("k3", "v")).status == 204


async def test_expired_values_free_their_share_when_they_are_swept(tmp_path: Path, clock: FakeClock) -> None:
    async with running_store(tmp_path, clock=clock, quotas=SMALL) as store:
        for number in range(5):
            await store.put_value(f"k{number}", "v", ttlSeconds="1")
        clock.pass_time(seconds=2)
        await store.app[keys.VALUES].remove_expired(clock())
        assert (await store.put_value("k5", "v")).status == 204


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])
async def test_files_and_blobs_share_one_quota_and_a_refused_one_leaves_nothing(tmp_path: Path, declared: bool) -> None:
    def body(content: bytes) -> object:
        async def pieces() -> object:
            yield content

        return content if declared else pieces()

    async with running_store(tmp_path, quotas=SMALL) as store:
        assert (await store.put("/file", {"name": "f"}, body(b"x" * 6000))).status == 201
        assert_refused(await store.put("/file", {"name": "g"}, body(b"x" * 6000)), "files", "10000 bytes")
        blob = b"y" * 6000
        digest = {"digest": f"sha256:{hashlib.sha256(blob).hexdigest()}"}
        assert_refused(await store.put("/blob", digest, body(blob)), "files")
        assert (await store.get("/blob", digest)).status == 404
        assert (await store.put("/file", {"name": "f"}, body(b"z" * 9000))).status == 201
        objects = [path for kind in ("files", "blobs") for path in (tmp_path / kind).rglob("*") if path.is_file()]
        assert [path.stat().st_size for path in objects] == [9000]
        await store.call("DELETE", "/file", {"name": "f"})
        assert (await store.put("/blob", digest, body(blob))).status == 201


async def test_one_namespace_does_not_use_up_the_quota_of_another(tmp_path: Path, reviewer: FakeReviewer) -> None:
    async with running_store(tmp_path, reviewer, quotas=SMALL) as store:
        await store.put_value("a", "x" * 900)
        reviewer.cluster_wide.add("system:serviceaccount:team:titan-client")
        assert (await store.put("/v1/namespaces/other/value", {"key": "a"}, b"x" * 900)).status == 204


async def test_after_a_quota_was_lowered_shrinking_is_still_possible(tmp_path: Path) -> None:
    async with running_store(tmp_path) as store:
        await store.put_value("a", "x" * 5000)
        await store.put_value("b", "x" * 5000)
    async with running_store(tmp_path, quotas=SMALL) as store:
        assert (await store.put_value("a", "x" * 4000)).status == 204
        assert_refused(await store.put_value("a", "x" * 4001))
        assert (await store.call("DELETE", "/value", {"key": "b"})).status == 204


async def test_usage_is_exact_after_any_mixture_of_writes(store: Store, tmp_path: Path) -> None:
    for number in range(60):
        await store.put_value(f"k{number % 7}", "v" * (number * 13 % 50))
        await store.post("/set/add", {"key": "s"}, {"member": f"m{number % 11}"})
        await store.put("/file", {"name": f"f{number % 5}"}, b"x" * (number * 31 % 400))
        if number % 9 == 0:
            await store.call("DELETE", "/file", {"name": f"f{number % 5}"})
            await store.call("DELETE", "/set", {"key": "s"})
    assert await store.app[keys.NAMESPACES].known() == [NAMESPACE_UID]
    items = (await store.get("/values", {"prefix": "k"})).json["items"]
    members = (await store.get("/set", {"key": "s"})).json["members"]
    files = (await store.get("/files", {"prefix": "f"})).json["items"]
    expected = {
        "values": (
            sum(item["size"] + len(item["key"]) for item in items) + sum(map(len, members)),
            len(items) + len(members),
        ),
        "files": (sum(item["size"] for item in files), len(files)),
    }
    with closing(sqlite3.connect(tmp_path / "data" / DATABASE_FILE)) as database:
        counted = database.execute("SELECT namespace, kind, bytes, count FROM usage").fetchall()
    assert {namespace for namespace, *_ in counted} == {NAMESPACE_UID}
    assert {kind: (size, count) for _, kind, size, count in counted} == expected


async def test_big_bodies_beyond_the_memory_are_sent_away_and_small_ones_served(tmp_path: Path) -> None:
    async with running_store(tmp_path, max_memory_bytes=3_000_000) as store:
        gate = asyncio.Event()

        async def stalled() -> object:
            yield b"x" * 2_000_000
            await gate.wait()

        first = asyncio.ensure_future(store.put("/file", {"name": "slow"}, stalled()))
        while store.app[keys.BUDGET].free > 1_000_000:
            await store.settle()
        refused = await store.put("/file", {"name": "other"}, b"x" * 2_000_000)
        assert (refused.status, refused.code) == (503, "Unavailable")
        assert refused.headers["Retry-After"]
        assert (await store.put_value("small", "v")).status == 204
        gate.set()
        assert (await first).status == 201
        assert (await store.put("/file", {"name": "other"}, b"x" * 2_000_000)).status == 201
        assert store.app[keys.BUDGET].free == 3_000_000


@pytest.mark.parametrize("path", ["/file?name=f", "/value?key=k"])
async def test_an_upload_that_stops_is_given_up_and_leaves_nothing(tmp_path: Path, path: str) -> None:
    async with running_store(tmp_path, idle_seconds=0.2) as store:
        reader, writer = await asyncio.open_connection("127.0.0.1", store.port)
        head = f"PUT /v1/namespaces/team{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer client-token\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\nhalf".encode())
        answer = await reader.readuntil(b"\r\n")
        assert b"408" in answer
        writer.close()
        await writer.wait_closed()
        assert (await store.get(path)).status == 404
        assert not list((tmp_path / "incoming").iterdir())

"""Full disks, time that passes, and what is cleaned up after it."""

import asyncio
import os
from pathlib import Path

from builders.store.reviewers import JOB, NAMESPACE_UID, FakeReviewer
from builders.store.stores import ATTEMPT, FakeClock, Store, running_store
from titan_store.api import keys
from titan_store.keeping.backends import Precondition
from titan_store.serving import sweeps

CONTENT = b"x" * 3_000_000
PLAIN = Precondition()
DIGEST = {"digest": "sha256:d0f2cd6e9acdb7bb46a9d2d4a90fc9b35ef1e9bc7ac8a0c7d9d0d0e1dfb6a4f5"}


def files_below(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


async def test_on_a_full_disk_growing_is_refused_while_reading_ending_and_deleting_go_on(
    tmp_path: Path, reviewer: FakeReviewer
) -> None:
    async with running_store(tmp_path, reviewer) as store:
        await store.put_value("k", "v")
        await store.put("/file", {"name": "f"}, b"old")
        await store.append(0, b"log")
    async with running_store(tmp_path, reviewer, free_bytes=1000) as store:
        refused = [
            await store.put_value("k", "w"),
            await store.post("/value/increment", {"key": "n"}, {"by": 1}),
            await store.post("/set/add", {"key": "s"}, {"member": "m"}),
            await store.put("/file", {"name": "f"}, b"new"),
            await store.put("/blob", DIGEST, b"new"),
            await store.append(3, b" more"),
        ]
        assert {(reply.status, reply.code) for reply in refused} == {(507, "InsufficientStorage")}
        assert all("disk is full" in reply.json["error"]["message"] for reply in refused)
        assert (await store.get("/value", {"key": "k"})).text == "v"
        assert (await store.get("/file", {"name": "f"})).body == b"old"
        assert (await store.get("/log", {"job": JOB})).body == b"log"
        assert (await store.end()).status == 201
        assert (await store.call("DELETE", "/value", {"key": "k"})).status == 204
    async with running_store(tmp_path, reviewer) as store:
        assert (await store.put_value("k", "again")).status == 204


async def test_an_upload_that_would_fill_the_disk_is_stopped_and_leaves_nothing(tmp_path: Path) -> None:
    reserve = 10_000_000
    async with running_store(tmp_path, free_bytes=reserve + 2_000_000, reserve_bytes=reserve) as store:
        assert (await store.put("/file", {"name": "f"}, CONTENT)).status == 507
        assert (await store.put("/file", {"name": "small"}, b"fits")).status == 201
        assert not files_below(tmp_path / "incoming")
        assert [path.read_bytes() for path in files_below(tmp_path / "files")] == [b"fits"]


async def test_a_directory_that_cannot_be_written_is_an_answer_not_the_end(store: Store, tmp_path: Path) -> None:
    logs = tmp_path / "data" / "logs"
    logs.write_text("in the way of a directory")
    reply = await store.append(0, b"x")
    assert (reply.status, reply.code) == (503, "Unavailable")
    logs.unlink()
    assert (await store.append(0, b"x")).json == {"size": 1}


async def test_the_sweep_removes_expired_values(tmp_path: Path, clock: FakeClock) -> None:
    async with running_store(tmp_path, clock=clock) as store:
        for number in range(1200):
            await store.app[keys.VALUES].put(NAMESPACE_UID, f"k{number}", b"v", clock.now, None, PLAIN)
        await store.put_value("stays", "v")
        for number in range(5):
            await store.put_value(f"goes{number}", "v", ttlSeconds="10")
        clock.pass_time(seconds=11)
        await sweeps.sweep(store.swept, clock.now)
        assert await store.app[keys.VALUES].remove_expired(clock.now) == 0
        assert (await store.get("/value", {"key": "stays"})).text == "v"
        assert (await store.get("/values", {"prefix": "goes"})).json["items"] == []


async def test_the_store_sweeps_by_itself(tmp_path: Path, clock: FakeClock) -> None:
    async with running_store(tmp_path, clock=clock, sweep_seconds=0.01) as store:
        before = clock.now
        await store.put_value("goes", "v", ttlSeconds="10")
        clock.pass_time(seconds=11)
        async with asyncio.timeout(10):
            while await store.app[keys.VALUES].page(NAMESPACE_UID, "", "", 10, before):
                await store.settle()


async def test_logs_are_removed_a_month_after_their_last_append(
    tmp_path: Path, reviewer: FakeReviewer, clock: FakeClock
) -> None:
    reviewer.add_runner("second", JOB, 2)
    async with running_store(tmp_path, reviewer, clock) as store:
        await store.append(0, b"old")
        clock.pass_time(days=20)
        await store.append(0, b"young", "second", attempt="2")
        clock.pass_time(days=11)
        await sweeps.sweep(store.swept, clock.now)
        assert (await store.get("/log", ATTEMPT)).code == "LogNotFound"
        assert (await store.get("/log", {"job": JOB})).body == b"young"
        assert [path.read_bytes() for path in files_below(tmp_path / "logs")] == [b"young"]
        clock.pass_time(days=30)
        await sweeps.sweep(store.swept, clock.now)
        assert (await store.get("/log", {"job": JOB})).code == "LogNotFound"
        assert not files_below(tmp_path / "logs")


async def test_bytes_without_a_name_are_removed_when_they_are_old(tmp_path: Path, clock: FakeClock) -> None:
    async with running_store(tmp_path, clock=clock) as store:
        await store.put("/file", {"name": "f"}, b"named")
        directory = files_below(tmp_path / "files")[0].parent
        (directory / "orphan").write_bytes(b"left by a killed process")
        (directory / "young").write_bytes(b"perhaps about to get its name")
        old = clock.now.timestamp() - 7200
        for path in files_below(tmp_path / "files"):
            os.utime(path, (old, old))
        os.utime(directory / "young", (clock.now.timestamp(),) * 2)
        await sweeps.remove_orphans(store.swept, clock.now)
        assert sorted(path.read_bytes() for path in files_below(tmp_path / "files"))[0] == b"named"
        assert not (directory / "orphan").exists()
        assert (directory / "young").exists()


async def test_a_log_that_nobody_owns_is_removed_and_a_living_one_stays(tmp_path: Path, clock: FakeClock) -> None:
    async with running_store(tmp_path, clock=clock) as store:
        await store.append(0, b"living")
        living = files_below(tmp_path / "logs")[0]
        (living.parent / "7.log").write_bytes(b"of an attempt that was forgotten")
        old = clock.now.timestamp() - 7200
        for path in files_below(tmp_path / "logs"):
            os.utime(path, (old, old))
        await sweeps.remove_orphans(store.swept, clock.now)
        assert files_below(tmp_path / "logs") == [living]


async def test_what_a_killed_process_was_receiving_is_gone_after_the_start(tmp_path: Path) -> None:
    async with running_store(tmp_path):
        pass
    (tmp_path / "incoming" / "half").write_bytes(b"half an upload")
    async with running_store(tmp_path) as store:
        assert not files_below(tmp_path / "incoming")
        assert (await store.get("/files")).json == {"items": []}


async def test_bytes_behind_the_acknowledged_end_of_a_log_are_never_seen(tmp_path: Path) -> None:
    async with running_store(tmp_path) as store:
        await store.append(0, b"acknowledged")
    log = files_below(tmp_path / "logs")[0]
    log.write_bytes(b"acknowledged torn tail that is longer")
    async with running_store(tmp_path) as store:
        assert (await store.get("/log", {"job": JOB})).body == b"acknowledged"
        assert (await store.append(12, b" tail")).json == {"size": 17}
        assert (await store.get("/log", {"job": JOB})).body == b"acknowledged tail"
    assert log.read_bytes() == b"acknowledged tail"


async def test_metrics_tell_requests_commits_and_open_streams(store: Store) -> None:
    await store.put_value("secret-key", "v")
    await store.get("/value", {"key": "missing"})
    await store.get("/nowhere")
    text = (await store.get("/metrics", token=None)).text
    route = "/v1/namespaces/{namespace}/value"
    assert f'titan_store_requests_total{{code="204",method="PUT",route="{route}"}} 1.0' in text
    assert f'titan_store_requests_total{{code="404",method="GET",route="{route}"}} 1.0' in text
    assert 'code="404",method="GET",route="unknown"' in text
    for name in (
        "titan_store_commit_seconds_count 1.0",
        "titan_store_group_size_count 1.0",
        "titan_store_followers 0.0",
    ):
        assert name in text
    assert "secret-key" not in text

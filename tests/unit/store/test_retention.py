"""Blobs live as long as a job may need them, and data no longer than its namespace."""

import json
from pathlib import Path

import pytest
from builders.store.clusters import FakeCluster
from builders.store.reviewers import JOB, NAMESPACE, NAMESPACE_UID, RUNNER, FakeReviewer
from builders.store.stores import OUTCOME, FakeClock, Store, running_store
from titan_store.api import keys
from titan_store.errors import Unavailable
from titan_store.keeping.backends import Precondition
from titan_store.serving.retention import remove_unneeded

from titan_api.digests import digest_of

ANY = Precondition()
PARENT = "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee"


async def put_blob(store: Store, content: bytes) -> None:
    assert (await store.put("/blob", {"digest": digest_of(content)}, content)).status == 201


async def is_there(store: Store, content: bytes) -> bool:
    return (await store.call("HEAD", "/blob", {"digest": digest_of(content)})).status == 200


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


async def test_a_blob_stays_while_a_job_mentions_it_and_a_day_after_its_last_use(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster
) -> None:
    async with running_store(tmp_path, clock=clock, cluster=cluster) as store:
        for content in (b"source", b"idle", b"used"):
            await put_blob(store, content)
        cluster.job_texts[NAMESPACE] = ["[]", json.dumps([{"spec": {"source": {"digest": digest_of(b"source")}}}])]
        clock.pass_time(hours=23)
        await remove_unneeded(store.swept, clock.now)
        assert await is_there(store, b"used")
        clock.pass_time(hours=2)
        await remove_unneeded(store.swept, clock.now)
        assert [await is_there(store, content) for content in (b"source", b"idle", b"used")] == [True, False, True]
        cluster.job_texts.clear()
        clock.pass_time(hours=25)
        await remove_unneeded(store.swept, clock.now)
        assert [await is_there(store, content) for content in (b"source", b"used")] == [False, False]
        assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
        await put_blob(store, b"idle")
        assert (await store.get("/blob", {"digest": digest_of(b"idle")})).body == b"idle"


async def test_blobs_of_the_outcomes_that_a_living_job_builds_upon_stay(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster, reviewer: FakeReviewer
) -> None:
    reviewer.add_runner("parent-runner", PARENT, 1)
    async with running_store(tmp_path, reviewer, clock, cluster=cluster) as store:
        for content in (b"of the parent", b"of the child", b"of nobody"):
            await put_blob(store, content)
        await store.call(
            "PUT",
            "/outcome",
            {"job": PARENT, "attempt": "1"},
            token="parent-runner",
            json=OUTCOME | {"message": digest_of(b"of the parent")},
        )
        await store.end(RUNNER, message=f"{digest_of(b'of the child')} built on {PARENT}")
        cluster.job_texts[NAMESPACE] = [json.dumps([{"metadata": {"uid": JOB}}])]
        clock.pass_time(hours=25)
        await remove_unneeded(store.swept, clock.now)
        expected = {b"of the parent": True, b"of the child": True, b"of nobody": False}
        assert {content: await is_there(store, content) for content in expected} == expected


async def test_nothing_is_removed_while_the_api_server_is_away(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster
) -> None:
    async with running_store(tmp_path, clock=clock, cluster=cluster) as store:
        await put_blob(store, b"x")
        clock.pass_time(days=3)
        cluster.is_away = True
        with pytest.raises(Unavailable):
            await remove_unneeded(store.swept, clock.now)
        assert await is_there(store, b"x")


async def test_without_a_cluster_blobs_live_for_the_retention_after_their_last_use(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with running_store(tmp_path, clock=clock) as store:
        await put_blob(store, b"old")
        clock.pass_time(days=20)
        await put_blob(store, b"young")
        clock.pass_time(days=11)
        await remove_unneeded(store.swept, clock.now)
        assert [await is_there(store, content) for content in (b"old", b"young")] == [False, True]


async def test_the_data_of_a_namespace_is_removed_a_day_after_it_vanished(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster
) -> None:
    async with running_store(tmp_path, clock=clock, cluster=cluster) as store:
        for number in range(600):
            await store.app[keys.VALUES].put(NAMESPACE_UID, f"k{number}", b"v", clock.now, None, ANY)
        await store.post("/set/add", {"key": "s"}, {"member": "m"})
        await store.put("/file", {"name": "f"}, b"file")
        await put_blob(store, b"blob")
        await store.append(0, b"log")
        cluster.names.clear()
        await remove_unneeded(store.swept, clock.now)
        clock.pass_time(hours=23)
        await remove_unneeded(store.swept, clock.now)
        assert (await store.get("/value", {"key": "k1"})).text == "v"
        clock.pass_time(hours=2)
        await remove_unneeded(store.swept, clock.now)
        assert (await store.get("/values", {})).json["items"] == []
        assert (await store.get("/files", {})).json["items"] == []
        assert (await store.get("/set", {"key": "s"})).json["members"] == []
        assert not await is_there(store, b"blob")
        kinds = ("files", "blobs", "logs")
        assert not [path for kind in kinds for path in (tmp_path / kind).rglob("*") if path.is_file()]
        assert await store.app[keys.NAMESPACES].known() == []


async def test_a_namespace_that_is_back_within_the_day_keeps_everything(
    tmp_path: Path, clock: FakeClock, cluster: FakeCluster
) -> None:
    async with running_store(tmp_path, clock=clock, cluster=cluster) as store:
        await store.put_value("k", "v")
        for hours, names in ((0, {}), (20, {NAMESPACE_UID: NAMESPACE}), (10, {}), (20, {})):
            clock.pass_time(hours=hours)
            cluster.names = names
            await remove_unneeded(store.swept, clock.now)
        assert (await store.get("/value", {"key": "k"})).text == "v"

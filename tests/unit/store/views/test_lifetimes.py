"""When the cluster is watched, how hard, and what is left in memory when nobody looks any more."""

import asyncio
import gc
import weakref
from pathlib import Path

import pytest
from builders.store.cluster_objects import dag_object, job_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, FakeReviewer
from builders.store.sign_ins import SESSION, Browser
from builders.store.stores import Store, running_store
from titan_store.api import keys
from titan_store.views.cached.cache import Cache
from titan_store.views.memos import Kept

OVERVIEW = "/v1/views/overview"


async def until_watched(cluster: FakeCluster, watches: int) -> None:
    async with asyncio.timeout(20):
        while cluster.watches != watches:
            await asyncio.sleep(0.01)


async def test_who_signs_in_finds_the_cluster_watched_already(tmp_path: Path, reviewer: FakeReviewer) -> None:
    cluster = FakeCluster()
    async with running_store(tmp_path / "data", reviewer, cluster=cluster) as store:
        await Browser(store).sign_in(token=ALICE)
        await until_watched(cluster, 4)


async def test_who_comes_back_with_a_session_finds_the_cluster_watched_already(
    tmp_path: Path, reviewer: FakeReviewer
) -> None:
    cluster = FakeCluster()
    async with running_store(tmp_path / "data", reviewer, cluster=cluster, idle_views_seconds=0.01) as store:
        browser = Browser(store)
        await browser.sign_in(token=ALICE)
        await until_watched(cluster, 0)
        assert (await browser.get(SESSION)).status == 200
        await until_watched(cluster, 4)


async def test_somebody_can_sign_in_to_a_store_without_a_cluster(tmp_path: Path, reviewer: FakeReviewer) -> None:
    async with running_store(tmp_path / "data", reviewer) as store:
        assert (await Browser(store).sign_in(token=ALICE)).status == 200


async def test_watches_that_never_hold_are_begun_ever_more_seldom(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = FakeCluster()
    cluster.watches_hold = False
    async with running_store(tmp_path / "data", cluster=cluster) as store:
        assert (await store.get(OVERVIEW, token=ALICE)).status == 200
        async with asyncio.timeout(20):
            while len(pauses(caplog)) < 3:
                await asyncio.sleep(0.05)
        first, second, third = pauses(caplog)[:3]
        assert first < second < third
        assert (await store.get(OVERVIEW, token=ALICE)).status == 200


def pauses(caplog: pytest.LogCaptureFixture) -> list[float]:
    said = [record.args for record in caplog.records if "is not watched for" in record.msg]
    return [float(str(args[1])) for args in said if isinstance(args, tuple) and args[0] == "TitanDAG"]


async def test_what_was_made_for_viewers_goes_when_nobody_looks(tmp_path: Path) -> None:
    cluster = FakeCluster()
    cluster.put(dag_object("nightly"))
    cluster.put(job_object("extract"))
    async with running_store(tmp_path / "data", cluster=cluster, idle_views_seconds=0.05) as store:
        memory = weakref.ref(await look(store))
        async with asyncio.timeout(20):
            while store.app[keys.VIEWS]._tasks or memory() is not None:
                await asyncio.sleep(0.05)
                gc.collect()


async def look(store: Store) -> object:
    """See a graph, and return what the store has kept of it."""
    assert (await store.get("/dags/nightly/graph", token=ALICE)).json["jobs"] == 1
    return store.app[keys.GRAPHS].of(await store.app[keys.VIEWS].ready())


def test_nothing_that_was_made_of_one_cache_is_ever_shown_of_a_later_one() -> None:
    kept: Kept[list[str]] = Kept(list)
    for _ in range(50):  # A new object soon lies where a forgotten one lay.
        made = kept.of(Cache(lambda change: None))
        assert made == []
        made.append("of this one")

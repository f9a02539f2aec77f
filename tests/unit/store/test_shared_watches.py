"""However many follow a kind, the API server sees one list and one watch of it, and each of them hears all."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders.store.cluster_objects import dag_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE
from builders.store.stores import running_store
from hypothesis import given, settings
from hypothesis import strategies as st
from titan_store.cluster.shared_watches import SharedWatches
from titan_store.errors import Unavailable
from titan_store.settings import Webhook

from titan_api import names
from titan_kube.follow import Batch, News

KIND = names.KIND_DAG


@dataclass
class Follower:
    """Somebody who follows, and what they have heard."""

    batches: AsyncGenerator[Batch, None]
    heard: list[tuple[News, list[str]]] = field(default_factory=list)
    trouble: str = ""

    async def follow(self) -> None:
        try:
            async with aclosing(self.batches) as batches:
                async for batch in batches:
                    self.heard.append((batch.news, [raw["metadata"]["name"] for raw in batch.items]))
        except Unavailable as error:
            self.trouble = error.message

    async def hears(self, *expected: tuple[News, list[str]]) -> None:
        async with asyncio.timeout(20):
            while self.heard[-len(expected) :] != list(expected):
                await asyncio.sleep(0)


@asynccontextmanager
async def following(watches: SharedWatches) -> AsyncIterator[Follower]:
    follower = Follower(watches.follow(KIND))
    task = asyncio.create_task(follower.follow())
    yield follower
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
def cluster() -> FakeCluster:
    made = FakeCluster()
    made.put(dag_object("a"))
    return made


@pytest.fixture
def watches(cluster: FakeCluster) -> SharedWatches:
    return SharedWatches(cluster.follow)


LIST = (News.LISTED, ["a"]), (News.COMPLETE, [])


async def test_nothing_is_watched_before_somebody_follows_and_after_the_last_has_left(
    cluster: FakeCluster, watches: SharedWatches
) -> None:
    assert cluster.watches == 0
    async with following(watches) as first, following(watches) as second:
        await first.hears(*LIST)
        await second.hears(*LIST)
        assert cluster.watches == 1
    assert cluster.watches == 0


async def test_whoever_comes_later_hears_the_list_and_all_hear_every_change(
    cluster: FakeCluster, watches: SharedWatches
) -> None:
    async with following(watches) as first:
        await first.hears(*LIST)
        async with following(watches) as second:
            await second.hears(*LIST)
            cluster.put(dag_object("b"))
            await first.hears(*LIST, (News.CHANGED, ["b"]))
            await second.hears(*LIST, (News.CHANGED, ["b"]))
            assert (cluster.watches, cluster.lists) == (1, 2)
        cluster.drop(KIND, "b")
        await first.hears((News.CHANGED, ["b"]), (News.GONE, ["b"]))
        assert (cluster.watches, cluster.lists) == (1, 2)


async def test_whoever_comes_during_a_list_hears_the_next_one_from_its_beginning(
    cluster: FakeCluster, watches: SharedWatches
) -> None:
    cluster.put(dag_object("b"))
    cluster.page_size = 1
    async with following(watches) as first:
        await first.hears((News.LISTED, ["a"]))
        async with following(watches) as second:
            whole = [(News.LISTED, ["a"]), (News.LISTED, ["b"]), (News.COMPLETE, [])]
            await second.hears(*whole)
            await first.hears(*whole)
            assert second.heard == whole
            assert first.heard == whole * 2
            assert (cluster.watches, cluster.lists) == (1, 2)


async def test_a_watch_that_breaks_does_so_for_all_and_begins_again_with_the_first_who_asks(
    cluster: FakeCluster, watches: SharedWatches
) -> None:
    async with following(watches) as first, following(watches) as second:
        await first.hears(*LIST)
        await second.hears(*LIST)
        cluster.break_watches()
        async with asyncio.timeout(20):
            while not (first.trouble and second.trouble):
                await asyncio.sleep(0)
        assert "broke" in first.trouble
    async with following(watches) as again:
        await again.hears(*LIST)
        assert cluster.watches == 1


async def test_a_defect_reaches_all_who_follow() -> None:
    async def fail(kind: str) -> AsyncIterator[Batch]:
        yield Batch(News.COMPLETE, [])
        raise RuntimeError("a defect")

    watches = SharedWatches(fail)
    with pytest.raises(RuntimeError, match="a defect"):
        async with aclosing(watches.follow(KIND)) as batches, asyncio.timeout(20):
            async for _ in batches:
                pass


async def test_somebody_who_leaves_without_having_taken_a_batch_holds_up_nobody(
    cluster: FakeCluster, watches: SharedWatches
) -> None:
    async with following(watches) as first:
        slow = watches.follow(KIND)
        assert (await anext(slow)).news is News.LISTED
        for number in range(5):
            cluster.put(dag_object(f"more-{number}"))
        await asyncio.sleep(0.05)
        await slow.aclose()
        cluster.put(dag_object("z"))
        await first.hears((News.CHANGED, ["z"]))


async def test_webhooks_and_viewers_share_one_watch_of_approvals(tmp_path: Path, cluster: FakeCluster) -> None:
    hook = Webhook("http://127.0.0.1:1/hook")
    async with running_store(tmp_path, cluster=cluster, webhooks=(hook,), idle_views_seconds=0.05) as store:
        async with asyncio.timeout(20):
            while cluster.watches != 1:
                await asyncio.sleep(0.01)
            assert (await store.get("/v1/views/overview", token=ALICE)).status == 200
            assert cluster.watches == 4
            while cluster.watches != 1:
                await asyncio.sleep(0.01)
    assert cluster.watches == 0


class Mirror:
    """Somebody who follows for ever, and knows what is there from what they hear."""

    def __init__(self, watches: SharedWatches) -> None:
        self._watches = watches
        self.known: set[str] = set()

    async def follow(self) -> None:
        while True:
            listed: set[str] = set()
            try:
                async with aclosing(self._watches.follow(KIND)) as batches:
                    async for batch in batches:
                        found = {raw["metadata"]["name"] for raw in batch.items}
                        match batch.news:
                            case News.COMPLETE:
                                self.known, listed = listed, set()
                            case News.LISTED:
                                listed |= found
                            case News.CHANGED:
                                self.known |= found
                            case News.GONE:
                                self.known -= found
            except Unavailable:
                await asyncio.sleep(0)


_steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["join", "leave"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["put", "drop"]), st.integers(0, 5)),
        st.tuples(st.just("break"), st.just(0)),
        st.tuples(st.just("pass"), st.integers(1, 9)),
    ),
    max_size=40,
)


@given(_steps)
@settings(max_examples=60, deadline=None)
def test_whoever_follows_ends_with_what_the_cluster_holds(steps: list[tuple[str, int]]) -> None:
    asyncio.run(_mirror(steps))


async def _mirror(steps: list[tuple[str, int]]) -> None:
    cluster = FakeCluster()
    cluster.page_size = 2
    watches = SharedWatches(cluster.follow)
    mirrors: dict[int, tuple[Mirror, asyncio.Task[None]]] = {}
    for step, number in steps:
        match step:
            case "join" if number not in mirrors:
                mirror = Mirror(watches)
                mirrors[number] = mirror, asyncio.create_task(mirror.follow())
            case "leave" if number in mirrors:
                mirrors.pop(number)[1].cancel()
            case "put":
                cluster.put(dag_object(f"dag-{number}"))
            case "drop" if ("team", f"dag-{number}") in cluster.objects[KIND]:
                cluster.drop(KIND, f"dag-{number}")
            case "break":
                cluster.break_watches()
            case "pass":
                for _ in range(number):
                    await asyncio.sleep(0)
    expected = {name for _, name in cluster.objects[KIND]}
    async with asyncio.timeout(20):
        while not all(mirror.known == expected for mirror, _ in mirrors.values()) or cluster.watches != bool(mirrors):
            await asyncio.sleep(0)
    for _, task in mirrors.values():
        task.cancel()
    await asyncio.gather(*(task for _, task in mirrors.values()), return_exceptions=True)
    assert cluster.watches == 0

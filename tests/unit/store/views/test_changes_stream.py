"""The stream of changes: at once, together, only of what one may see, and nothing lost over interruptions."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from builders.store.cluster_objects import dag_object, job_object, node_object
from builders.store.clusters import FakeCluster
from builders.store.reviewers import ALICE, CLIENT
from builders.store.stores import DOCUMENT, Store, running_store
from jsonschema import Draft202012Validator
from titan_store.api import keys
from titan_store.api.views.changes import AUDIENCE
from titan_store.views.audiences import MOST_STREAMS
from titan_store.views.cached.cache import Change
from titan_store.views.changes import MOST_TOLD, REMEMBERED, Changes

URL = "/v1/views/changes"
EVERYTHING = dict.fromkeys(("TitanDAG", "TitanJob", "TitanApproval"))

MESSAGE = {"$ref": "#/components/schemas/ChangesMessage", "components": DOCUMENT["components"]}


@dataclass
class Stream:
    """An open stream as a browser reads it."""

    response: aiohttp.ClientResponse
    last_id: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)

    async def block(self) -> dict[str, str]:
        """The fields of the next block; empty: the stream has ended."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(20):
            while line := (await self.response.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        self.last_id = fields.get("id", self.last_id)
        return fields

    async def message(self) -> dict[str, Any]:
        """The next message."""
        while (fields := await self.block()).get("event") != "changes":
            assert fields, "the stream has ended"
        content: dict[str, Any] = json.loads(fields["data"])
        Draft202012Validator(MESSAGE).validate(content)
        self.seen += [(item["kind"], item["name"]) for item in content["items"]]
        return content

    async def until(self, *expected: tuple[str, str]) -> None:
        """Read on until all of these were told."""
        while not set(expected) <= set(self.seen):
            await self.message()


@asynccontextmanager
async def streaming(store: Store, token: str = ALICE, last_id: str = "", **query: str) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last_id} if last_id else {})
    async with store.session.get(store.url(URL), params=query, headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        stream = Stream(response)
        await stream.block()
        yield stream


async def test_a_viewer_hears_of_each_kind_and_only_of_what_changes(store: Store, cluster: FakeCluster) -> None:
    dag = cluster.put(dag_object("nightly"))
    async with streaming(store) as stream:
        cluster.put(dag)  # Nobody can see a difference.
        cluster.put(job_object("extract"))
        gate = cluster.add_gate()
        cluster.put(node_object("plain"))
        await stream.until(("TitanJob", "nightly-extract"), ("TitanApproval", "nightly-extract"), ("Node", ""))
        cluster.drop("TitanJob", "nightly-extract")
        told = await stream.message()
        assert told["items"] == [{"kind": "TitanJob", "namespace": "team", "name": "nightly-extract", "dag": "nightly"}]
        assert ("TitanDAG", "nightly") not in stream.seen
        assert gate["spec"]["dag"] == "nightly"


async def test_changes_of_other_namespaces_are_not_told(store: Store, cluster: FakeCluster) -> None:
    async with streaming(store, namespace="team") as stream:
        cluster.put(dag_object("theirs", namespace="other"))
        cluster.put(dag_object("ours"))
        await stream.until(("TitanDAG", "ours"))
    assert stream.seen == [("TitanDAG", "ours")]


async def test_a_viewer_who_comes_back_hears_what_was_missed(store: Store, cluster: FakeCluster) -> None:
    async with streaming(store) as stream:
        cluster.put(dag_object("first"))
        await stream.until(("TitanDAG", "first"))
        place = stream.last_id
    cluster.put(dag_object("missed"))
    async with streaming(store, last_id=place) as stream:
        await stream.until(("TitanDAG", "missed"))
    assert stream.seen == [("TitanDAG", "missed")]


async def test_a_viewer_from_another_time_asks_for_everything(store: Store) -> None:
    async with streaming(store, last_id="0badcafe-12") as stream:
        assert await stream.message() == {"items": [], "all": True}


async def test_a_broken_watch_loses_nothing(store: Store, cluster: FakeCluster) -> None:
    cluster.put(dag_object("stays"))
    cluster.put(dag_object("goes"))
    async with streaming(store) as stream:
        cluster.break_watches()
        cluster.drop("TitanDAG", "goes")
        cluster.put(dag_object("comes"))
        await stream.until(("TitanDAG", "goes"), ("TitanDAG", "comes"))
    assert ("TitanDAG", "stays") not in stream.seen
    reply = await store.get("/v1/views/dags", token=ALICE)
    assert [item["name"] for item in reply.json["items"]] == ["stays", "comes"]


async def test_nobody_keeps_more_streams_open_than_all_pages_together_would(store: Store) -> None:
    audience = store.app[AUDIENCE]
    with ExitStack() as stack:
        for _ in range(MOST_STREAMS - 1):
            stack.enter_context(audience.seat("alice@example.com"))
        async with streaming(store):
            reply = await store.get(URL, token=ALICE)
            assert (reply.status, reply.code) == (429, "TooManyStreams")
            async with streaming(store, CLIENT):
                pass  # Others have their own.
    async with streaming(store):
        pass  # Those that were closed count no more.


async def test_streams_end_when_the_store_does(tmp_path: Path, cluster: FakeCluster) -> None:
    async with running_store(tmp_path / "data", cluster=cluster) as store, streaming(store) as stream:
        store.app[keys.PULSES].close()
        while await stream.block():
            continue
        assert stream.response.content.at_eof()


async def test_a_silent_stream_shows_that_it_lives_and_ends_after_its_time(
    tmp_path: Path, cluster: FakeCluster
) -> None:
    times = {"heartbeat_seconds": 0.02, "changes_seconds": 0.5}
    async with running_store(tmp_path / "data", cluster=cluster, **times) as store, streaming(store) as stream:
        blocks = []
        while fields := await stream.block():
            blocks.append(fields)
        # A comment would not do: browsers do not pass it on to the page.
        assert blocks.count({"event": "heartbeat", "data": "{}"}) > 1
        assert stream.response.content.at_eof()


async def test_the_cluster_is_watched_only_while_somebody_looks(tmp_path: Path, cluster: FakeCluster) -> None:
    cluster.put(dag_object("nightly"))
    async with running_store(tmp_path / "data", cluster=cluster, idle_views_seconds=0.05) as store:
        assert cluster.watches == 0
        async with streaming(store, CLIENT) as stream:
            await asyncio.sleep(0.2)
            assert cluster.watches == 4
            place = stream.last_id
        async with asyncio.timeout(20):
            while cluster.watches or store.app[keys.VIEWS]._tasks:
                cluster.put(node_object("plain", labels={"n": str(cluster.lists)}))
                await asyncio.sleep(0.05)
        async with streaming(store, CLIENT, last_id=place) as stream:
            assert (await stream.message())["all"]
        assert (await store.get("/v1/views/dags", token=ALICE)).json["total"] == 1


def told_names(changes: Changes, place: str) -> list[str]:
    return [change.name for change in changes.since(place, EVERYTHING).items]


def dag_change(name: str) -> Change:
    return Change("TitanDAG", "team", name, None)


def test_a_thing_that_changes_often_is_told_once_in_the_order_of_its_last_change() -> None:
    changes = Changes(lambda: None)
    place = changes.place
    for name in ("a", "b", "a", "c", "a"):
        changes.add(dag_change(name))
    assert told_names(changes, place) == ["b", "c", "a"]
    assert told_names(changes, changes.place) == []


@pytest.mark.parametrize("count", [MOST_TOLD, REMEMBERED + 1])
def test_a_reader_who_has_missed_too_much_asks_for_everything(count: int) -> None:
    changes = Changes(lambda: None)
    place = changes.place
    for number in range(count):
        changes.add(dag_change(str(number if count == MOST_TOLD else 0)))
    assert changes.since(place, EVERYTHING).all is (count > REMEMBERED)
    changes.add(dag_change("one more"))
    assert changes.since(place, EVERYTHING).all


@pytest.mark.parametrize("place", ["", "-", "x-1", "99", "é-²"])
def test_a_place_that_is_none_means_everything(place: str) -> None:
    assert Changes(lambda: None).since(place, EVERYTHING).all


def test_a_number_of_any_length_is_understood() -> None:
    changes = Changes(lambda: None)
    assert changes.since(changes.place + "9" * 5_000, EVERYTHING).all

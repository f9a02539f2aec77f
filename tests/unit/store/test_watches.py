"""How the store lists and watches a kind at a real API server's interface."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from builders.store.api_answers import connected
from titan_store.errors import Unavailable

from titan_kube.follow import News

DAGS = "/apis/titan.io/v1alpha1/titandags"


def named(name: str, version: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": version}}


def event(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"type": kind, "object": named(name, version)}


@dataclass
class FakeServer:
    """Lists two pages, then tells the events of one watch after the other; then it is gone."""

    status: int = 200
    last_status: int = 500
    """Answered to a watch when there are no more."""
    watches: list[list[Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.asked.append((request.path, query))
        if self.status != 200:
            return web.json_response({"message": "no"}, status=self.status)
        if "watch" not in query:
            second = query.get("continue") == "more"
            metadata = {"resourceVersion": "7"} | ({} if second else {"continue": "more"})
            return web.json_response({"metadata": metadata, "items": [named("b" if second else "a", "3")]})
        if not self.watches:
            return web.json_response({"message": "gone"}, status=self.last_status)
        text = "".join(json.dumps(told) + "\n" for told in self.watches.pop(0))
        return web.Response(text=text, content_type="application/json")


async def follow(server: FakeServer, kind: str = "TitanDAG") -> tuple[list[tuple[News, list[str]]], str]:
    """What was told until the watch broke, and why it did."""
    told: list[tuple[News, list[str]]] = []
    async with connected(server) as cluster:
        with pytest.raises(Unavailable) as caught:
            async for batch in cluster.follow(kind):
                told.append((batch.news, [raw["metadata"]["name"] for raw in batch.items]))
    return told, caught.value.message


async def test_a_list_in_pages_is_followed_by_its_changes() -> None:
    server = FakeServer(watches=[[event("ADDED", "c", "8"), event("DELETED", "a", "9")]])
    told, _ = await follow(server)
    assert told == [
        (News.LISTED, ["a"]),
        (News.LISTED, ["b"]),
        (News.COMPLETE, []),
        (News.CHANGED, ["c"]),
        (News.GONE, ["a"]),
    ]
    assert {path for path, _ in server.asked} == {DAGS}


async def test_a_watch_that_ends_in_good_order_goes_on_from_where_it_was() -> None:
    server = FakeServer(
        watches=[[event("MODIFIED", "a", "8"), event("BOOKMARK", "", "20")], [event("ADDED", "c", "21")]]
    )
    told, _ = await follow(server)
    assert told[-2:] == [(News.CHANGED, ["a"]), (News.CHANGED, ["c"])]
    versions = [query["resourceVersion"] for _, query in server.asked if "watch" in query]
    assert versions == ["7", "20", "21"]


async def test_a_version_that_is_too_old_ends_the_watch_with_the_servers_words() -> None:
    expired = {"type": "ERROR", "object": {"code": 410, "message": "too old resource version"}}
    _, reason = await follow(FakeServer(watches=[[expired]]))
    assert "too old resource version" in reason


async def test_a_version_that_is_refused_at_once_is_nobodys_mistake(caplog: pytest.LogCaptureFixture) -> None:
    _, reason = await follow(FakeServer(last_status=410))
    assert "has forgotten since when" in reason
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_watch_that_ends_at_once_without_a_word_is_not_asked_for_again_at_once() -> None:
    server = FakeServer(watches=[[], [event("ADDED", "c", "8")]])
    _, reason = await follow(server)
    assert "ended as soon as it had begun" in reason
    assert len([query for _, query in server.asked if "watch" in query]) == 1


@pytest.mark.parametrize(("status", "words"), [(403, "its role"), (404, "definitions are not installed"), (500, "no")])
async def test_a_store_that_may_not_list_is_told_what_is_missing(status: int, words: str) -> None:
    told, reason = await follow(FakeServer(status=status))
    assert told == []
    assert "titandags" in reason
    assert words in reason


@pytest.mark.parametrize("nonsense", [{"type": "ADDED"}, {"object": {}}, [], "cut off"], ids=str)
async def test_nonsense_ends_the_watch_like_any_other_break(nonsense: Any) -> None:
    _, reason = await follow(FakeServer(watches=[[nonsense]]))
    assert "makes no sense" in reason


async def test_nodes_are_of_another_group() -> None:
    server = FakeServer()
    await follow(server, "Node")
    assert {path for path, _ in server.asked} == {"/api/v1/nodes"}

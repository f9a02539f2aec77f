"""List, then watch: what is told, where it goes on, and what ends it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from builders.kubernetes.api_servers import asking, client_with

from titan_kube.config import Config
from titan_kube.errors import APIError, Expired, Forbidden, NotFound, Unavailable
from titan_kube.follow import News, follow

PATH = "/apis/titan.io/v1alpha1/titandags"


def named(name: str, version: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": version}}


def event(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"type": kind, "object": named(name, version)}


@dataclass
class Server:
    """Lists two pages, then tells the events of one watch after the other; then it is gone.

    An exception in ``lists`` or ``watches`` is answered once instead; a number is a silence of so many seconds.
    """

    lists: list[web.Response] = field(default_factory=list)
    watches: list[list[Any] | web.Response] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.asked.append(query)
        assert request.path == PATH
        if "watch" not in query:
            return self.lists.pop(0) if self.lists else self._page(query)
        watch = self.watches.pop(0) if self.watches else refusal(500, "gone")
        if isinstance(watch, web.Response):
            return watch
        response = web.StreamResponse()
        await response.prepare(request)
        for told in watch:
            if isinstance(told, float):
                await asyncio.sleep(told)
            else:
                await response.write(json.dumps(told).encode() + b"\n")
        return response

    def _page(self, query: dict[str, str]) -> web.Response:
        second = query.get("continue") == "more"
        # The second page says another version: what came between may be missing on it.
        metadata = {"resourceVersion": "8"} if second else {"resourceVersion": "7", "continue": "more"}
        return web.json_response({"metadata": metadata, "items": [named("b" if second else "a", "3")]})

    def versions(self) -> list[str]:
        """From where each watch was asked for."""
        return [query["resourceVersion"] for query in self.asked if "watch" in query]


def refusal(code: int, message: str = "no", **headers: str) -> web.Response:
    return web.json_response({"message": message}, status=code, headers=headers)


LISTED = [(News.LISTED, ["a"]), (News.LISTED, ["b"]), (News.COMPLETE, [])]


async def told_by(server: Server, silence: float = 30.0) -> tuple[list[tuple[News, list[str]]], APIError]:
    """What was told until it ended, and why it did."""
    told: list[tuple[News, list[str]]] = []
    async with asking(server.answer) as client:
        with pytest.raises(APIError) as caught:
            async for batch in follow(client, PATH, {"labelSelector": "a=b"}, page_size=2, silence_seconds=silence):
                told.append((batch.news, [raw["metadata"]["name"] for raw in batch.items]))
    return told, caught.value


async def test_a_list_in_pages_is_followed_by_its_changes() -> None:
    server = Server(watches=[[event("ADDED", "c", "8"), event("MODIFIED", "c", "9"), event("DELETED", "a", "10")]])
    told, _ = await told_by(server)
    assert told == [*LISTED, (News.CHANGED, ["c"]), (News.CHANGED, ["c"]), (News.GONE, ["a"])]
    selector = {"labelSelector": "a=b"}
    assert server.asked[:3] == [
        selector | {"limit": "2"},
        selector | {"limit": "2", "continue": "more"},
        selector | {"watch": "true", "allowWatchBookmarks": "true", "timeoutSeconds": "240", "resourceVersion": "7"},
    ]


async def test_a_watch_that_ends_in_good_order_goes_on_from_its_last_event_or_bookmark() -> None:
    server = Server(watches=[[event("MODIFIED", "a", "8"), event("BOOKMARK", "", "20")], [event("ADDED", "c", "21")]])
    told, error = await told_by(server)
    assert told == [*LISTED, (News.CHANGED, ["a"]), (News.CHANGED, ["c"])]
    assert server.versions() == ["7", "20", "21"]
    assert (type(error), error.code, error.words) == (Unavailable, 500, "gone")


async def test_a_silent_watch_goes_on_from_where_it_was_on_another_connection() -> None:
    server = Server(watches=[[event("MODIFIED", "a", "8"), 30.0], [event("ADDED", "c", "9")]])
    told, _ = await told_by(server, silence=0.05)
    assert told[3:] == [(News.CHANGED, ["a"]), (News.CHANGED, ["c"])]
    assert server.versions() == ["7", "8", "9"]


TOO_OLD = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}}


@pytest.mark.parametrize(
    "server",
    [
        Server(lists=[refusal(410, "too old")]),
        Server(watches=[refusal(410, "too old")]),
        Server(watches=[[TOO_OLD]]),
        Server(watches=[[event("ADDED", "c", "8"), TOO_OLD]]),
    ],
    ids=["list", "watch", "event", "later event"],
)
async def test_a_version_that_is_too_old_means_begin_anew(server: Server) -> None:
    _, error = await told_by(server)
    assert (type(error), error.words) == (Expired, "too old")


async def test_a_continuation_that_expires_between_two_pages_never_completes_the_list() -> None:
    server = Server(lists=[Server()._page({}), refusal(410, "the provided continue parameter is too old")])
    told, error = await told_by(server)
    assert told == [(News.LISTED, ["a"])]
    assert isinstance(error, Expired)


async def test_an_error_event_is_the_error_of_its_code() -> None:
    status = {"type": "ERROR", "object": {"code": 403, "reason": "Forbidden", "message": "not any more"}}
    _, error = await told_by(Server(watches=[[status]]))
    assert (type(error), error.words) == (Forbidden, "not any more")


@pytest.mark.parametrize("code", [429, 503])
async def test_a_server_that_asks_for_it_is_left_alone_and_asked_again(code: int) -> None:
    def later() -> web.Response:
        return refusal(code, "later", **{"Retry-After": "0"})

    server = Server(lists=[later(), later()], watches=[later(), [event("ADDED", "c", "8")], later(), []])
    began = asyncio.get_running_loop().time()
    told, error = await told_by(server)
    assert told == [*LISTED, (News.CHANGED, ["c"])]
    assert asyncio.get_running_loop().time() - began >= 0.35
    assert error.words == "the watch ended as soon as it had begun"


@pytest.mark.parametrize("wish", [{}, {"Retry-After": "3600"}], ids=["no wish", "a long one"])
async def test_a_server_without_a_wish_or_with_a_long_one_is_away(wish: dict[str, str]) -> None:
    server = Server(lists=[refusal(429, "later", **wish)])
    _, error = await told_by(server)
    assert (type(error), len(server.asked)) == (Unavailable, 1)


async def test_a_watch_that_ends_at_once_without_a_word_is_not_asked_for_again_at_once() -> None:
    server = Server(watches=[[], [event("ADDED", "c", "8")]])
    _, error = await told_by(server)
    assert "ended as soon as it had begun" in error.words
    assert len(server.versions()) == 1


@pytest.mark.parametrize(("code", "kind"), [(403, Forbidden), (404, NotFound), (500, Unavailable)])
async def test_what_may_not_be_listed_is_told_by_the_kind_of_error(code: int, kind: type[APIError]) -> None:
    told, error = await told_by(Server(lists=[refusal(code)]))
    assert (told, type(error)) == ([], kind)


@pytest.mark.parametrize("nonsense", [{"type": "ADDED"}, {"object": {}}, [], "cut off", {"type": "ERROR", "object": 1}])
async def test_nonsense_ends_the_watch_like_any_other_break(nonsense: Any) -> None:
    _, error = await told_by(Server(watches=[[nonsense]]))
    assert "makes no sense" in error.words
    assert isinstance(error, Unavailable)


async def test_a_list_without_a_version_makes_no_sense_either() -> None:
    _, error = await told_by(Server(lists=[web.json_response({"items": []})]))
    assert "makes no sense: KeyError('resourceVersion')" in error.words


async def test_a_connection_that_breaks_ends_it() -> None:
    def hang_up(server: Server) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            if "watch" in request.query:
                response = web.StreamResponse()
                response.content_length = 1_000
                await response.prepare(request)
                await response.write(json.dumps(event("ADDED", "c", "8")).encode() + b"\n")
                assert request.transport is not None
                request.transport.close()
                return response
            return await server.answer(request)

        return answer

    async with asking(hang_up(Server())) as client:
        with pytest.raises(Unavailable, match="the stream broke"):
            async for _ in follow(client, PATH):
                pass
    async with client_with(Config("http://127.0.0.1:1", token="t")) as client:
        with pytest.raises(Unavailable, match="no answer"):
            async for _ in follow(client, PATH):
                pass

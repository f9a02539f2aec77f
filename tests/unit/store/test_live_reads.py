"""What the store reads at an API server when somebody looks at one object: the object, its Events, its pods."""

from typing import Any

import pytest
from aiohttp import web
from builders.store.api_answers import connected
from titan_store.errors import Unavailable

from titan_api import names

ITEM = {"metadata": {"name": "a"}}


class FakeServer:
    """Answers everything alike, and remembers what it was asked."""

    def __init__(self, status: int = 200, content: Any = None) -> None:
        self._status, self._content = status, content
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, dict(request.query)))
        return web.json_response(self._content, status=self._status)


@pytest.mark.parametrize(
    ("kind", "plural"),
    [(names.KIND_DAG, "titandags"), (names.KIND_JOB, "titanjobs"), (names.KIND_APPROVAL, "titanapprovals")],
)
async def test_an_object_is_read_as_it_is_now(kind: str, plural: str) -> None:
    server = FakeServer(content=ITEM)
    async with connected(server) as cluster:
        assert await cluster.read(kind, "team", "a") == ITEM
    assert server.asked == [(f"/apis/titan.io/v1alpha1/namespaces/team/{plural}/a", {})]


async def test_an_object_that_is_not_there_is_none() -> None:
    async with connected(FakeServer(404, {"message": "not found"})) as cluster:
        assert await cluster.read(names.KIND_JOB, "team", "a") is None


async def test_events_are_those_of_one_object_and_pods_those_with_a_label() -> None:
    server = FakeServer(content={"metadata": {"continue": "more"}, "items": [ITEM]})
    async with connected(server) as cluster:
        assert await cluster.events("team", "Pod", "a-1") == [ITEM]
        assert await cluster.pods("team", "titan.io/job-uid in (x,y)") == [ITEM]
    assert server.asked == [
        (
            "/api/v1/namespaces/team/events",
            {"fieldSelector": "involvedObject.kind=Pod,involvedObject.name=a-1", "limit": "500"},
        ),
        ("/api/v1/namespaces/team/pods", {"labelSelector": "titan.io/job-uid in (x,y)", "limit": "500"}),
    ]


async def test_a_store_that_may_not_list_events_says_that_it_cannot_know() -> None:
    async with connected(FakeServer(403, {"message": "forbidden"})) as cluster:
        with pytest.raises(Unavailable, match=r"answered 403 .* /api/v1/namespaces/team/events: forbidden"):
            await cluster.events("team", "Pod", "a-1")

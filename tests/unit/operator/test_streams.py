"""What kopf still reads of its watches, and what is taken from them before."""

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from titan_operator.watching.streams import take_changes


def event(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"type": kind, "object": {"metadata": {"name": name, "resourceVersion": version}, "spec": {"text": "a\nb"}}}


def bookmark(version: str) -> dict[str, Any]:
    return {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": version}}}


GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "metadata": {}}}


async def read(path: str, content: bytes, *, size: int = 1 << 20, status: int = 200) -> tuple[list[str], bytes]:
    """Names of what was taken, and what a reader in kopf's place gets; the server sends ``size`` bytes at a time."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        for start in range(0, len(content), size):
            await response.write(content[start : start + size])
        return response

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    taken: list[str] = []
    strainer = take_changes({"titanjobs": lambda raw: taken.append(raw["metadata"]["name"])})
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession(middlewares=[strainer]) as session,
        session.get(f"{str(server.make_url('')).rstrip('/')}{path}") as response,
    ):
        left = b"".join([chunk async for chunk in response.content.iter_chunked(1 << 20)])
    return taken, left


def lines(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


WATCH = "/apis/titan.io/v1alpha1/titanjobs?watch=true&resourceVersion=1"


@pytest.mark.parametrize(
    ("events", "taken", "left"),
    [
        ([event("ADDED", "a", "2")], ["a"], [bookmark("2")]),
        ([event("ADDED", "a", "2"), event("MODIFIED", "a", "3"), event("ADDED", "b", "4")], ["a", "a", "b"], [bookmark("4")]),
        ([event("DELETED", "a", "5")], [], [event("DELETED", "a", "5")]),
        (
            [event("MODIFIED", "a", "2"), event("DELETED", "a", "3"), event("ADDED", "b", "4")],
            ["a", "b"],
            [bookmark("2"), event("DELETED", "a", "3"), bookmark("4")],
        ),
        ([bookmark("9")], [], [bookmark("9")]),
        ([event("ADDED", "a", "2"), GONE], ["a"], [bookmark("2"), GONE]),
        ([{"type": "ADDED", "object": {"metadata": {}}}], [], [{"type": "ADDED", "object": {"metadata": {}}}]),
    ],
    ids=["one change", "a run of changes", "a deletion", "between deletions", "a bookmark", "an error", "unversioned"],
)  # fmt: skip
async def test_changes_are_taken_and_kopf_learns_how_far_it_has_come(
    events: list[dict[str, Any]], taken: list[str], left: list[dict[str, Any]]
) -> None:
    names, rest = await read(WATCH, lines(*events))
    assert names == taken
    assert [json.loads(line) for line in rest.splitlines()] == left


@pytest.mark.parametrize("size", [1, 7, 64])
async def test_events_that_arrive_in_pieces_are_taken_once_and_whole(size: int) -> None:
    content = lines(event("ADDED", "a", "2"), event("DELETED", "a", "3"), event("ADDED", "ü", "4"))
    names, rest = await read(WATCH, content, size=size)
    assert names == ["a", "ü"]
    assert [json.loads(line) for line in rest.splitlines()] == [
        bookmark("2"),
        event("DELETED", "a", "3"),
        bookmark("4"),
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/apis/titan.io/v1alpha1/titanjobs?limit=500", 200),
        ("/api/v1/namespaces?watch=true", 200),
        (WATCH, 403),
    ],
    ids=["a list", "a resource of kopf's own", "a refusal"],
)
async def test_everything_else_reaches_kopf_as_it_came(path: str, status: int) -> None:
    content = lines(event("ADDED", "a", "2"))
    assert await read(path, content, status=status) == ([], content)


@pytest.mark.parametrize("content", [b"no json\n", b"[1]\n", b"\n", b'{"type":"ADDED"'])
async def test_what_cannot_be_read_is_left_to_kopf(content: bytes) -> None:
    assert await read(WATCH, content) == ([], content)

"""A collection followed for ever."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from builders.kubernetes.api_servers import asking

from titan_kube import informer
from titan_kube.informer import inform


def named(name: str, version: int = 1) -> dict[str, Any]:
    return {"metadata": {"name": name, "uid": f"uid-of-{name}", "resourceVersion": str(version)}}


class Server:
    """Each time it lists other objects, and tells other events; None instead of a list: an outage."""

    def __init__(self, *rounds: tuple[list[dict[str, Any]] | None, list[tuple[str, dict[str, Any]]]]) -> None:
        self.rounds = list(rounds)
        self.is_over = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        if not self.rounds:
            self.is_over.set()
            await asyncio.sleep(60)
        objects, events = self.rounds[0]
        if objects is None:
            self.rounds.pop(0)
            return web.Response(status=500, text="away")
        if "watch" not in request.query:
            return web.json_response({"metadata": {"resourceVersion": "1"}, "items": objects})
        self.rounds.pop(0)
        expired = {"type": "ERROR", "object": {"code": 410, "message": "too old"}}
        lines = [*({"type": kind, "object": obj} for kind, obj in events), expired]
        return web.Response(text="".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(informer, "FIRST_PAUSE_SECONDS", 0.01)


async def told_by(server: Server) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    synced = asyncio.Event()
    async with asking(server.answer) as client:
        following = asyncio.create_task(
            inform(client, "/x", lambda kind, obj: told.append((kind, obj["metadata"]["name"])), synced=synced)
        )
        async with asyncio.timeout(20):
            await synced.wait()
            await server.is_over.wait()
        following.cancel()
    return told


async def test_what_exists_is_added_and_what_changes_is_told() -> None:
    events = [("MODIFIED", named("a", 2)), ("ADDED", named("b", 3)), ("DELETED", named("a", 4))]
    assert await told_by(Server(([named("a")], events))) == [
        ("ADDED", "a"),
        ("MODIFIED", "a"),
        ("ADDED", "b"),
        ("DELETED", "a"),
    ]


async def test_after_a_gap_what_vanished_is_deleted_before_what_exists_is_added() -> None:
    server = Server(([named("a"), named("b")], []), (None, []), ([named("b"), named("c")], []))
    told = await told_by(server)
    assert told == [("ADDED", "a"), ("ADDED", "b"), ("DELETED", "a"), ("ADDED", "b"), ("ADDED", "c")]


async def test_an_object_that_was_made_anew_under_its_name_is_another_one() -> None:
    again = named("a", 9)
    again["metadata"]["uid"] = "another"
    assert await told_by(Server(([named("a")], []), ([again], []))) == [
        ("ADDED", "a"),
        ("DELETED", "a"),
        ("ADDED", "a"),
    ]


async def test_a_server_that_is_away_at_first_is_awaited() -> None:
    assert await told_by(Server((None, []), (None, []), ([named("a")], []))) == [("ADDED", "a")]

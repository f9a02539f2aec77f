"""The store over HTTP, against a small server that speaks as the contract says."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from builders.operators.clocks import VirtualClock
from titan_operator.errors import StoreAway
from titan_operator.plan.observed import Lookup
from titan_operator.records import Outcome
from titan_operator.watching.outcomes import Bookmark, RecordedOutcome, SequenceExpired, Store

RECORD = {"phase": "publish", "exitCode": 0, "reason": "Completed", "message": ""}
LINES = [
    {"type": "BOOKMARK", "sequence": 7, "storeID": "one"},
    {"type": "OUTCOME", "sequence": 8, "namespace": "default", "job": "u-a", "attempt": 2, "outcome": RECORD},
    {"type": "SOMETHING NEW"},
    {"type": "BOOKMARK", "sequence": 9, "storeID": "one"},
]


class Server:
    """Answers look-ups with ``answer``; streams LINES, or refuses a sequence."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any] = (200, RECORD)
        self.stream_code = 200
        self.requests: list[web.Request] = []

    async def look_up(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        code, body = self.answer
        return web.json_response(body, status=code)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        response = web.StreamResponse(status=self.stream_code)
        await response.prepare(request)
        for line in LINES:
            await response.write(json.dumps(line).encode() + b"\n")
        return response


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, str]]:
    answers = Server()
    app = web.Application()
    app.router.add_get("/v1/namespaces/{namespace}/outcome", answers.look_up)
    app.router.add_get("/v1/outcomes", answers.stream)
    async with TestServer(app) as running:
        yield answers, str(running.make_url(""))


async def ask(url: str, token: Path | None = None) -> Outcome | Lookup:
    async with Store(url, token, VirtualClock()) as store:
        return await store.look_up("default", "u-a", 2)


async def test_a_record_is_read(server: tuple[Server, str], tmp_path: Path) -> None:
    answers, url = server
    token = tmp_path / "token"
    token.write_text("secret\n")
    outcome = await ask(url, token)
    assert isinstance(outcome, Outcome)
    assert outcome.is_success
    assert outcome.attempt == 2
    assert dict(answers.requests[0].query) == {"job": "u-a", "attempt": "2"}
    assert answers.requests[0].headers["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((404, {"error": {"code": "OutcomeNotFound"}}), Lookup.ABSENT),
        ((404, {"error": {"code": "NamespaceNotFound"}}), Lookup.ABSENT),
        ((404, {"kind": "Status"}), Lookup.UNREACHABLE),
        ((404, []), Lookup.UNREACHABLE),
        ((401, {"error": {"code": "Unauthenticated", "message": "who are you"}}), Lookup.UNREACHABLE),
        ((503, {"error": {"code": "Unavailable"}}), Lookup.UNREACHABLE),
    ],
)
async def test_only_the_stores_own_word_says_that_there_is_no_record(
    server: tuple[Server, str], answer: tuple[int, Any], expected: Lookup
) -> None:
    server[0].answer = answer
    assert await ask(server[1]) is expected


async def test_while_the_store_is_away_only_one_pass_waits_for_it(server: tuple[Server, str]) -> None:
    answers, url = server
    answers.answer = (503, {"error": {"code": "Unavailable"}})
    clock = VirtualClock()
    async with Store(url, None, clock) as store:
        for _ in range(5):
            assert await store.look_up("default", "u-a", 1) is Lookup.UNREACHABLE
        assert len(answers.requests) == 1
        clock.advance_to(2)
        answers.answer = (200, RECORD)
        assert isinstance(await store.look_up("default", "u-a", 1), Outcome)


async def test_a_store_that_is_not_there_is_unreachable_and_no_error() -> None:
    assert await ask("http://127.0.0.1:1") is Lookup.UNREACHABLE


async def test_a_token_file_that_is_not_there_is_no_error(server: tuple[Server, str], tmp_path: Path) -> None:
    assert await ask(server[1], tmp_path / "missing") is Lookup.UNREACHABLE


async def test_the_stream_is_read_and_its_end_is_told(server: tuple[Server, str]) -> None:
    told: list[Bookmark | RecordedOutcome] = []
    async with Store(server[1], None, VirtualClock()) as store:
        with pytest.raises(StoreAway):
            async for item in store.follow(7):
                told.append(item)
    assert server[0].requests[0].query["after"] == "7"
    assert told[0] == Bookmark(7, "one")
    assert isinstance(told[1], RecordedOutcome)
    assert (told[1].job_uid, told[1].sequence, told[1].outcome.attempt) == ("u-a", 8, 2)
    assert told[2] == Bookmark(9, "one")


async def test_a_sequence_that_the_store_does_not_know_is_told_apart(server: tuple[Server, str]) -> None:
    server[0].stream_code = 410
    async with Store(server[1], None, VirtualClock()) as store:
        with pytest.raises(SequenceExpired):
            async for _ in store.follow(3):
                pass

"""Outcomes: recorded once, told at once, in one sequence that can be resumed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from builders.store.reviewers import JOB, OPERATOR, FakeReviewer
from builders.store.stores import ATTEMPT, OUTCOME, FakeClock, Store, running_store
from titan_store.serving import sweeps

OTHER_JOB = "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee"


class Lines:
    """The stream as the operator reads it."""

    def __init__(self, content: Any) -> None:
        self._content = content

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            return dict(json.loads(await self._content.readline()))


@asynccontextmanager
async def stream(store: Store, **query: str) -> AsyncIterator[Lines]:
    headers = {"Authorization": f"Bearer {OPERATOR}"}
    url = store.url("/v1/outcomes")
    async with store.session.get(url, params={"watch": "true", **query}, headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "application/x-ndjson"
        yield Lines(response.content)


async def test_the_first_record_of_an_attempt_stays(store: Store) -> None:
    assert (await store.get("/outcome", ATTEMPT)).code == "OutcomeNotFound"
    assert (await store.end(exitCode=3, phase="run")).status == 201
    assert (await store.end(exitCode=3, phase="run")).status == 200
    other = await store.end(exitCode=0)
    assert (other.status, other.code) == (409, "OutcomeRecorded")
    assert (await store.get("/outcome", ATTEMPT)).json == OUTCOME | {"exitCode": 3, "phase": "run"}


async def test_a_record_is_the_same_whatever_the_order_of_its_fields(store: Store) -> None:
    await store.end()
    turned = dict(reversed(list(OUTCOME.items())))
    reply = await store.call("PUT", "/outcome", ATTEMPT, token="runner-token", json=turned)
    assert reply.status == 200


@pytest.mark.parametrize("changes", [{"exitCode": None, "phase": "fetch", "startTime": None}, {"node": "titan-1"}])
async def test_optional_fields_come_back_as_they_were(store: Store, changes: dict[str, object]) -> None:
    await store.end(**changes)
    assert (await store.get("/outcome", ATTEMPT)).json == OUTCOME | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"phase": "done"},
        {"exitCode": "0"},
        {"exitCode": 2**40},
        {"endTime": "yesterday"},
        {"logSize": -1},
        {"surprise": 1},
        {"message": "x" * 40_000},
        {"podUID": None},
    ],
)
async def test_a_record_that_is_none_is_refused_naming_the_field(store: Store, changes: dict[str, object]) -> None:
    reply = await store.end(**changes)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert next(iter(changes)) in reply.json["error"]["message"]
    assert (await store.get("/outcome", ATTEMPT)).status == 404


async def test_of_many_different_records_sent_at_once_exactly_one_wins(store: Store) -> None:
    replies = await asyncio.gather(*(store.end(exitCode=code, phase="run") for code in range(1, 21)))
    winners = [code for code, reply in enumerate(replies, 1) if reply.status == 201]
    assert len(winners) == 1
    assert {reply.status for reply in replies} == {201, 409}
    assert (await store.get("/outcome", ATTEMPT)).json["exitCode"] == winners[0]


async def test_the_operator_hears_of_outcomes_in_order_and_goes_on_where_it_was(
    store: Store, reviewer: FakeReviewer
) -> None:
    reviewer.add_runner("second", JOB, 2)
    async with stream(store) as lines:
        first = await lines.next()
        assert (first["type"], first["sequence"]) == ("BOOKMARK", 0)
        await store.end()
        assert await lines.next() == {
            "type": "OUTCOME",
            "sequence": 1,
            "namespace": "team",
            "job": JOB,
            "attempt": 1,
            "outcome": OUTCOME,
        }
        await store.end()
        await store.end("second", "2", exitCode=None)
        second = await lines.next()
        assert (second["sequence"], second["attempt"], second["outcome"]["exitCode"]) == (2, 2, None)
    async with stream(store, after="1") as lines:
        bookmark = await lines.next()
        assert (bookmark["sequence"], bookmark["storeID"]) == (1, first["storeID"])
        assert (await lines.next())["sequence"] == 2


async def test_without_a_sequence_number_the_stream_begins_now(store: Store, reviewer: FakeReviewer) -> None:
    reviewer.add_runner("second", JOB, 2)
    await store.end()
    async with stream(store) as lines:
        assert (await lines.next())["sequence"] == 1
        await store.end("second", "2")
        assert (await lines.next())["attempt"] == 2


async def test_without_watch_what_there_is_comes_and_the_answer_ends(store: Store, reviewer: FakeReviewer) -> None:
    for attempt in range(1, 4):
        reviewer.add_runner(f"r{attempt}", JOB, attempt)
        await store.end(f"r{attempt}", str(attempt))
    reply = await store.get("/v1/outcomes", {"after": "1"}, token=OPERATOR)
    lines = [json.loads(line) for line in reply.text.splitlines()]
    assert [(line["type"], line["sequence"]) for line in lines] == [("BOOKMARK", 1), ("OUTCOME", 2), ("OUTCOME", 3)]


async def test_a_silent_stream_sends_bookmarks(tmp_path: Path) -> None:
    async with running_store(tmp_path, bookmark_seconds=0.05) as store, stream(store) as lines:
        assert [(await lines.next())["type"] for _ in range(4)] == ["BOOKMARK"] * 4


async def test_the_stream_ends_with_its_time(store: Store) -> None:
    reply = await store.get("/v1/outcomes", {"watch": "true", "timeoutSeconds": "0.05"}, token=OPERATOR)
    assert [json.loads(line)["type"] for line in reply.text.splitlines()] == ["BOOKMARK"]


async def test_a_sequence_number_that_was_never_given_or_is_forgotten_is_gone(
    tmp_path: Path, reviewer: FakeReviewer, clock: FakeClock
) -> None:
    reviewer.add_runner("other", OTHER_JOB, 1)
    async with running_store(tmp_path, reviewer, clock) as store:
        await store.end()
        assert (await store.get("/v1/outcomes", {"after": "2"}, token=OPERATOR)).code == "SequenceExpired"
        clock.pass_time(days=31)
        await sweeps.sweep(store.swept, clock.now)
        assert (await store.get("/v1/outcomes", {"after": "0"}, token=OPERATOR)).status == 410
        assert (await store.get("/outcome", ATTEMPT)).status == 404
        await store.call("PUT", "/outcome", ATTEMPT | {"job": OTHER_JOB}, token="other", json=OUTCOME)
        reply = await store.get("/v1/outcomes", {"after": "1"}, token=OPERATOR)
        assert json.loads(reply.text.splitlines()[1])["sequence"] == 2


async def test_a_new_store_has_another_id_and_a_restarted_one_the_same(tmp_path: Path) -> None:
    ids = []
    for directory in ("a", "a", "b"):
        async with running_store(tmp_path / directory) as store, stream(store) as lines:
            ids.append((await lines.next())["storeID"])
    assert ids[0] == ids[1] != ids[2]

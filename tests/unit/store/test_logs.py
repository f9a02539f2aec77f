"""Logs: appended once however often a runner repeats itself, read during and after, by many."""

import asyncio

import aiohttp
import pytest
from builders.store.reviewers import JOB, FakeReviewer
from builders.store.stores import ATTEMPT, Store

READER = {"Authorization": "Bearer client-token"}
QUERY = {"job": JOB}


@pytest.mark.parametrize(
    ("offset", "data", "status", "after"),
    [
        (5, b" world", 200, b"hello world"),
        (0, b"hello", 200, b"hello"),
        (0, b"hello world", 200, b"hello world"),
        (3, b"lo world", 200, b"hello world"),
        (2, b"l", 200, b"hello"),
        (5, b"", 200, b"hello"),
        (6, b"x", 409, b"hello"),
        (10**12, b"", 409, b"hello"),
    ],
)
async def test_an_append_adds_only_what_is_new(
    store: Store, offset: int, data: bytes, status: int, after: bytes
) -> None:
    assert (await store.append(0, b"hello")).json == {"size": 5}
    reply = await store.append(offset, data)
    assert reply.status == status
    if status == 409:
        assert (reply.code, reply.json["error"]["size"]) == ("LogGap", 5)
    else:
        assert reply.json == {"size": len(after)}
    assert (await store.get("/log", QUERY)).body == after


async def test_bytes_that_are_no_text_are_kept_as_they_are(store: Store) -> None:
    await store.append(0, b"\xff\x00\xfe\r\n")
    assert (await store.get("/log", QUERY)).body == b"\xff\x00\xfe\r\n"


async def test_a_log_can_be_read_from_any_offset(store: Store) -> None:
    await store.append(0, b"0123456789")
    for offset, rest in [(0, b"0123456789"), (4, b"456789"), (10, b""), (99, b"")]:
        assert (await store.get("/log", QUERY | {"offset": str(offset)})).body == rest


async def test_the_newest_attempt_is_read_unless_another_is_named(store: Store, reviewer: FakeReviewer) -> None:
    reviewer.add_runner("second", JOB, 2)
    await store.append(0, b"first")
    await store.append(0, b"second attempt", "second", attempt="2")
    newest = await store.get("/log", QUERY)
    assert (newest.body, newest.headers["X-Titan-Attempt"]) == (b"second attempt", "2")
    assert (await store.get("/log", ATTEMPT)).body == b"first"
    await store.end()
    assert (await store.get("/logs", QUERY)).json["items"] == [
        {"attempt": 1, "size": 5, "complete": True},
        {"attempt": 2, "size": 14, "complete": False},
    ]


async def test_a_job_without_a_log_says_so_and_has_no_attempts(store: Store) -> None:
    for query in (QUERY, ATTEMPT, QUERY | {"follow": "true", "timeoutSeconds": "0.05"}):
        reply = await store.get("/log", query)
        assert (reply.status, reply.code) == (404, "LogNotFound")
    assert (await store.get("/logs", QUERY)).json == {"items": []}


async def test_a_job_that_printed_nothing_has_an_empty_log_when_it_has_ended(store: Store) -> None:
    await store.end()
    for query in (QUERY, QUERY | {"follow": "true"}):
        reply = await store.get("/log", query)
        assert (reply.status, reply.body, reply.headers["X-Titan-Log-Complete"]) == (200, b"", "true")


async def test_after_the_end_a_log_takes_repetitions_and_nothing_new(store: Store) -> None:
    await store.append(0, b"all of it")
    await store.end()
    assert (await store.append(4, b"of it")).json == {"size": 9}
    assert (await store.append(9, b" and more")).code == "OutcomeRecorded"
    reply = await store.get("/log", QUERY)
    assert (reply.body, reply.headers["X-Titan-Log-Complete"]) == (b"all of it", "true")


async def read_some(following: aiohttp.ClientResponse, size: int) -> bytes:
    async with asyncio.timeout(10):
        return await following.content.readexactly(size)


async def test_many_followers_see_every_byte_at_once_and_end_with_the_attempt(store: Store) -> None:
    await store.append(0, b"one ")
    url = store.url(f"/log?job={JOB}&follow=true")
    following = [await store.session.get(url, headers=READER) for _ in range(30)]
    for number, word in enumerate([b"one ", b"two ", b"end "]):
        if number:
            await store.append(4 * number, word)
        assert {await read_some(each, 4) for each in following} == {word}
    assert not any(each.content.at_eof() for each in following)
    await store.end()
    async with asyncio.timeout(10):
        assert {await each.read() for each in following} == {b""}
    assert {each.headers["X-Titan-Log-Complete"] for each in following} == {"false"}


async def test_who_follows_before_there_is_a_log_gets_it_from_its_first_byte(store: Store) -> None:
    url = store.url(f"/log?job={JOB}&follow=true")
    request = asyncio.ensure_future(store.session.get(url, headers=READER))
    await store.settle()
    assert not request.done()
    await store.append(0, b"here")
    async with asyncio.timeout(10):
        following = await request
    assert await read_some(following, 4) == b"here"
    await store.end()
    assert await following.read() == b""


async def test_a_follower_stays_with_its_attempt_when_the_next_one_begins(store: Store, reviewer: FakeReviewer) -> None:
    reviewer.add_runner("second", JOB, 2)
    await store.append(0, b"first")
    async with store.session.get(store.url(f"/log?job={JOB}&follow=true"), headers=READER) as following:
        assert await read_some(following, 5) == b"first"
        await store.append(0, b"second", "second", attempt="2")
        await store.append(5, b" goes on")
        await store.end()
        assert await following.read() == b" goes on"


async def test_a_follow_ends_with_its_time_and_goes_on_from_its_offset(store: Store) -> None:
    await store.append(0, b"0123")
    query = QUERY | {"follow": "true", "timeoutSeconds": "0.05"}
    assert (await store.get("/log", query | {"offset": "2"})).body == b"23"
    assert (await store.get("/log", query | {"offset": "4"})).body == b""


async def test_a_big_log_arrives_whole(store: Store) -> None:
    piece = bytes(range(256)) * 8192
    for number in range(4):
        await store.append(number * len(piece), piece)
    assert (await store.get("/log", QUERY)).body == piece * 4


async def test_an_append_beyond_the_limit_is_refused_whole(store: Store) -> None:
    assert (await store.append(0, b"x" * (8 * 2**20 + 1))).code == "TooLarge"
    assert (await store.get("/log", QUERY)).code == "LogNotFound"


async def test_appends_of_many_attempts_at_once_do_not_mix(store: Store, reviewer: FakeReviewer) -> None:
    attempts = range(1, 21)
    for attempt in attempts:
        reviewer.add_runner(f"runner-{attempt}", JOB, attempt)

    async def run(attempt: int) -> None:
        for step in range(5):
            await store.append(step * 3, f"{attempt:03}".encode(), f"runner-{attempt}", attempt=str(attempt))

    await asyncio.gather(*(run(attempt) for attempt in attempts))
    for attempt in attempts:
        reply = await store.get("/log", QUERY | {"attempt": str(attempt)})
        assert reply.body == f"{attempt:03}".encode() * 5


async def test_the_same_append_sent_many_times_at_once_counts_once(store: Store) -> None:
    replies = await asyncio.gather(*(store.append(0, b"once") for _ in range(20)))
    assert {reply.json["size"] for reply in replies} == {4}
    assert (await store.get("/log", QUERY)).body == b"once"

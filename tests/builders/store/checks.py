"""Holding a store against what it has acknowledged: everything is there, and nothing in part."""

import json

import aiohttp
from builders.store.load import WRITERS, Acknowledged, ended_attempt, file_content, whole_log
from builders.store.reviewers import CLIENT, JOB, OPERATOR
from builders.store.stores import BASE


async def check_acknowledged(session: aiohttp.ClientSession, seen: Acknowledged, writers: int = WRITERS) -> str:
    """Everything is there; returns the store's id."""
    for writer in range(writers):
        value, members = seen.values[writer], seen.members[writer]
        file, log = seen.files[writer], seen.logs[writer]
        if value:
            assert int(await get(session, "value", key=f"counter {writer}")) in (value - 1, value)
        found = json.loads(await get(session, "set", key=f"set {writer}"))["members"]
        assert found[:members] == [str(number) for number in range(members)]
        assert len(found) in (members, members + 1)
        seen.members[writer] = len(found)
        if file:
            possible = (file_content(writer, file - 1), file_content(writer, file))
            assert await get(session, "file", name=f"file {writer}") in possible
        if log:
            found_log = await get(session, "log", job=JOB, attempt=str(writer + 1))
            assert found_log in (whole_log(writer, log), whole_log(writer, log + 1))
        for number in range(max(0, seen.outcomes[writer] - 3), seen.outcomes[writer]):
            record = await get(session, "outcome", job=JOB, attempt=str(ended_attempt(writer, number)))
            assert json.loads(record)["exitCode"] == number % 200
    return await check_sequence(session, seen, writers)


async def check_sequence(session: aiohttp.ClientSession, seen: Acknowledged, writers: int) -> str:
    """The stream tells every acknowledged outcome, without a hole."""
    headers = {"Authorization": f"Bearer {OPERATOR}"}
    async with session.get("/v1/outcomes?after=0", headers=headers) as reply:
        lines = [json.loads(line) async for line in reply.content]
    told = [line for line in lines if line["type"] == "OUTCOME"]
    assert [line["sequence"] for line in told] == list(range(1, len(told) + 1))
    expected = {ended_attempt(writer, number) for writer in range(writers) for number in range(seen.outcomes[writer])}
    assert expected <= {line["attempt"] for line in told}
    return str(lines[0]["storeID"])


async def get(session: aiohttp.ClientSession, path: str, **query: str) -> bytes:
    async with session.get(f"{BASE}/{path}", params=query, headers={"Authorization": f"Bearer {CLIENT}"}) as reply:
        assert reply.status == 200, await reply.text()
        return await reply.read()

"""What was acknowledged survives kill -9 in the middle of a write load, byte for byte.

One write per writer may be on its way when the store dies; that one may be there or not, but never in part.
"""

import asyncio
import json
import signal
from pathlib import Path

import aiohttp
from builders.reviewers import CLIENT, JOB, OPERATOR
from builders.store_load import WRITERS, Acknowledged, Load, ended_attempt, file_content, whole_log
from builders.store_process import StoreProcess, answering_api, running_process
from builders.stores import BASE

ROUNDS = 2
WRITES_PER_ROUND = 150


async def test_nothing_acknowledged_is_lost_and_nothing_is_there_in_part(tmp_path: Path) -> None:
    seen, ids = Acknowledged(), set()
    async with answering_api(tmp_path) as kubeconfig:
        for _ in range(ROUNDS):
            async with running_process(tmp_path / "data", kubeconfig) as store, open_session(store) as session:
                ids.add(await check(session, seen))
                load = asyncio.ensure_future(Load(session, seen).run())
                before = seen.writes
                while seen.writes < before + WRITES_PER_ROUND:
                    assert not load.done(), await load
                    await asyncio.sleep(0.005)
                await store.end(signal.SIGKILL)
                await load
        async with running_process(tmp_path / "data", kubeconfig) as store, open_session(store) as session:
            ids.add(await check(session, seen))
    assert len(ids) == 1
    assert all(len(kind) == WRITERS for kind in vars(seen).values()), "every writer has written something"


def open_session(store: StoreProcess) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(store.url)


async def check(session: aiohttp.ClientSession, seen: Acknowledged) -> str:
    """Everything is there; returns the store's id."""
    for writer in range(WRITERS):
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
        for number in range(seen.outcomes[writer]):
            record = await get(session, "outcome", job=JOB, attempt=str(ended_attempt(writer, number)))
            assert json.loads(record)["exitCode"] == number % 200
    return await check_sequence(session, seen)


async def check_sequence(session: aiohttp.ClientSession, seen: Acknowledged) -> str:
    """The stream tells every acknowledged outcome, without a hole."""
    headers = {"Authorization": f"Bearer {OPERATOR}"}
    async with session.get("/v1/outcomes?after=0", headers=headers) as reply:
        lines = [json.loads(line) async for line in reply.content]
    told = [line for line in lines if line["type"] == "OUTCOME"]
    assert [line["sequence"] for line in told] == list(range(1, len(told) + 1))
    expected = {ended_attempt(writer, number) for writer in range(WRITERS) for number in range(seen.outcomes[writer])}
    assert expected <= {line["attempt"] for line in told}
    return str(lines[0]["storeID"])


async def get(session: aiohttp.ClientSession, path: str, **query: str) -> bytes:
    async with session.get(f"{BASE}/{path}", params=query, headers={"Authorization": f"Bearer {CLIENT}"}) as reply:
        assert reply.status == 200, await reply.text()
        return await reply.read()

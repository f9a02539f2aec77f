"""What was acknowledged survives kill -9 in the middle of a write load, byte for byte.

One write per writer may be on its way when the store dies; that one may be there or not, but never in part.
"""

import asyncio
import signal
from pathlib import Path

import aiohttp
from builders.store.checks import check_acknowledged
from builders.store.load import WRITERS, Acknowledged, Load
from builders.store.process import StoreProcess, answering_api, running_process

ROUNDS = 2
WRITES_PER_ROUND = 150


async def test_nothing_acknowledged_is_lost_and_nothing_is_there_in_part(tmp_path: Path) -> None:
    seen, ids = Acknowledged(), set()
    async with answering_api(tmp_path) as kubeconfig:
        for _ in range(ROUNDS):
            async with running_process(tmp_path / "data", kubeconfig) as store, open_session(store) as session:
                ids.add(await check_acknowledged(session, seen))
                load = asyncio.ensure_future(Load(session, seen).run())
                before = seen.writes
                while seen.writes < before + WRITES_PER_ROUND:
                    assert not load.done(), await load
                    await asyncio.sleep(0.005)
                await store.end(signal.SIGKILL)
                await load
        async with running_process(tmp_path / "data", kubeconfig) as store, open_session(store) as session:
            ids.add(await check_acknowledged(session, seen))
    assert len(ids) == 1
    assert all(len(kind) == WRITERS for kind in vars(seen).values()), "every writer has written something"


def open_session(store: StoreProcess) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(store.url)

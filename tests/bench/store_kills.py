"""kill -9 of a store under 35 writers, again and again; nothing that it acknowledged may be missing afterwards.

    python tests/bench/store_kills.py [--kills 200] [--seed 1]

Each writer repeats one kind of write (a value, a member of a set, a file, a piece of a log, an outcome) and counts what
was acknowledged. After each kill the store starts anew and everything is read back: values and files are the last
acknowledged one or the one that was on its way, sets and logs are exact, the sequence of outcomes has no hole.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
from builders.store.checks import check_acknowledged
from builders.store.load import Acknowledged, Load
from builders.store.process import answering_api, running_process

WRITERS = 7
"""Of each of the five kinds."""


async def kill_once(data: Path, kubeconfig: Path, seen: Acknowledged, seconds: float) -> str:
    """Start, check, write for so long after the first acknowledgement, kill; returns the store's id."""
    async with running_process(data, kubeconfig) as store, aiohttp.ClientSession(store.url) as session:
        store_id = await check_acknowledged(session, seen, WRITERS)
        before = seen.writes
        load = asyncio.ensure_future(Load(session, seen, WRITERS).run())
        async with asyncio.timeout(60):
            while seen.writes == before:  # A busy machine takes its time for the first; a kill before it shows little.
                await asyncio.sleep(0.005)
        await asyncio.sleep(seconds)
        assert not load.done(), "the store was gone before it was killed"
        await store.end(signal.SIGKILL)
        await load
    return store_id


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, seen, ids = random.Random(given.seed), Acknowledged(), set()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        async with answering_api(Path(temporary)) as kubeconfig:
            for number in range(given.kills):
                ids.add(await kill_once(data, kubeconfig, seen, chance.uniform(0.0, 0.4)))
                if (number + 1) % 20 == 0:
                    print(f"{number + 1} kills, {seen.writes} acknowledged writes, all there so far", flush=True)
            async with running_process(data, kubeconfig) as store, aiohttp.ClientSession(store.url) as session:
                ids.add(await check_acknowledged(session, seen, WRITERS))
    assert len(ids) == 1, "the sequence of outcomes changed its identity"
    print(f"{given.kills} kills in {time.monotonic() - begun:.0f} s: all {seen.writes} acknowledged writes are there")


if __name__ == "__main__":
    asyncio.run(main())

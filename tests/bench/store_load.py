"""How fast the store is, as shares of what aiohttp and the disk do in the same run on this machine.

    python tests/bench/store_load.py [--seconds 5] [--mebibytes 1024]

The clients are a small Go program (tests/bench/loadgen) and curl, never Python. Prints a table; exit code 1 if
something misses its goal.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from builders.store.process import StoreProcess, answering_api, running_process
from builders.store.reviewers import CLIENT
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
LOADGEN = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "titan" / "bin" / "loadgen"
BASE = "/v1/namespaces/team"
MIB = 2**20
ROUNDS = 3
"""Of big transfers, one after the other with those of the bare server: a single one says little about a disk."""
KEYS_READ = 256


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0, f"{command[0]} failed"
    return out.decode()


async def load(method: str, url: str, clients: int, seconds: float, keys: int = 10_000) -> dict[str, Any]:
    """One run of the load generator."""
    counts = ("-clients", str(clients), "-duration", f"{seconds}s", "-keys", str(keys))
    found: dict[str, Any] = json.loads(
        await run(str(LOADGEN), "-method", method, "-url", url, "-token", CLIENT, *counts)
    )
    assert not found["failures"], found
    return found


@asynccontextmanager
async def noop_server() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(sys.executable, str(HERE / "noop_server.py"), stdout=PIPE)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.kill()
        await process.wait()


def fdatasync_milliseconds(directory: Path, count: int = 200) -> float:
    """Median time of an append of 4 KiB and its fdatasync, on the disk that the store uses."""
    times = []
    with (directory / "sync").open("wb") as file:
        for _ in range(count):
            begun = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begun)
    return median(times) * 1000


def resident_mebibytes(pid: int) -> float:
    """The most that the process ever had in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def transfer(*curl: str) -> float:
    """Seconds of one curl."""
    out = await run("curl", "-sS", "--fail", "-o", "/dev/null", "-w", "%{time_total}", *curl)
    return float(out)


class Report:
    """Lines of what was measured against what is wanted."""

    def __init__(self) -> None:
        self.table = Table(title="The store")
        for column in ("what", "measured", "of aiohttp alone", "goal", ""):
            self.table.add_column(column)
        self.is_good = True

    def add(self, what: str, measured: str, share: str, goal: str, holds: bool) -> None:
        self.table.add_row(what, measured, share, goal, "ok" if holds else "MISSED")
        self.is_good &= holds


async def measure_requests(report: Report, store: StoreProcess, noop: str, directory: Path, seconds: float) -> None:
    url = f"{store.url}{BASE}/value?key=k%d"
    await load("PUT", url, 32, 2, KEYS_READ)  # Warm: what will be read exists, and the WAL has its size.
    puts, bare_puts = await load("PUT", url, 32, seconds), await load("PUT", f"{noop}/value?key=k%d", 32, seconds)
    share = puts["perSecond"] / bare_puts["perSecond"]
    goal = ">= 3,000/s or >= 50 %"
    rate = f"{puts['perSecond']:,.0f}/s, p99 {puts['p99Milliseconds']:.1f} ms"
    report.add("durable puts, 32 clients", rate, f"{share:.0%}", goal, puts["perSecond"] >= 3000 or share >= 0.5)
    gets, bare_gets = (
        await load("GET", url, 32, seconds, KEYS_READ),
        await load("GET", f"{noop}/value?key=k%d", 32, seconds),
    )
    share = gets["perSecond"] / bare_gets["perSecond"]
    rate = f"{gets['perSecond']:,.0f}/s, p99 {gets['p99Milliseconds']:.1f} ms"
    report.add("gets, 32 clients", rate, f"{share:.0%}", ">= 50 %", share >= 0.5)
    sync = fdatasync_milliseconds(directory)
    one = await load("PUT", url, 1, seconds)
    limit = 2 * sync + 1
    what = f"put p50, 1 client (fdatasync p50 {sync:.2f} ms)"
    report.add(what, f"{one['p50Milliseconds']:.2f} ms", "", f"<= {limit:.2f} ms", one["p50Milliseconds"] <= limit)


async def measure_files(report: Report, store: StoreProcess, noop: str, directory: Path, mebibytes: int) -> None:
    big, back = directory / "big", directory / "back"
    with big.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(MIB))
    token = ("-H", f"Authorization: Bearer {CLIENT}")
    file_url = f"{store.url}{BASE}/file?name=big"
    before = resident_mebibytes(store.process.pid)
    disk, bare_up, up = [], [], []
    for _ in range(ROUNDS):
        disk.append(copy_seconds(big, back))
        bare_up.append(await transfer("-T", str(big), f"{noop}/file"))
        up.append(await transfer(*token, "-T", str(big), file_url))
    share = median(bare_up) / median(up)
    report.add(
        f"{mebibytes} MiB up (the disk alone: {mebibytes / median(disk):,.0f} MiB/s)",
        f"{mebibytes / median(up):,.0f} MiB/s",
        f"{share:.0%}",
        ">= 50 %",
        share >= 0.5,
    )
    bare_down, down = [], []
    for _ in range(ROUNDS):
        bare_down.append(await transfer(f"{noop}/file/{mebibytes * MIB}"))
        down.append(await transfer(*token, file_url))
    share = median(bare_down) / median(down)
    rate = f"{mebibytes / median(down):,.0f} MiB/s"
    report.add(f"{mebibytes} MiB down", rate, f"{share:.0%}", ">= 50 %", share >= 0.5)
    peak = resident_mebibytes(store.process.pid) - before
    report.add("memory growth", f"{peak:.0f} MiB", "", "<= 64 MiB", peak <= 64)
    await run("curl", "-sS", "--fail", "-o", str(back), *token, file_url)
    same = await run("cmp", str(big), str(back)) == ""
    report.add("the same bytes back", "yes" if same else "no", "", "yes", same)


def copy_seconds(source: Path, target: Path) -> float:
    """What the disk needs for the same bytes, written and synced without any network."""
    begun = time.perf_counter()
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(MIB):
            written.write(piece)
        written.flush()
        os.fdatasync(written.fileno())
    return time.perf_counter() - begun


async def start_seconds(directory: Path, kubeconfig: Path) -> float:
    """Median time from the launch to the line that says where the store listens."""
    times = []
    for number in range(7):
        begun = time.perf_counter()
        async with running_process(directory / f"start{number}", kubeconfig):
            times.append(time.perf_counter() - begun)
    return median(times)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load")
    parser.add_argument("--mebibytes", type=int, default=1024, help="of the big file")
    parser.add_argument("--directory", type=Path, help="on the disk to measure; default: that of temporary files")
    given = parser.parse_args()
    if not LOADGEN.exists():
        sys.exit(f"{LOADGEN} is not there: tests/bench/loadgen/build.sh makes it")
    report = Report()
    with tempfile.TemporaryDirectory(dir=given.directory) as temporary:
        directory = Path(temporary)
        async with answering_api(directory) as kubeconfig, noop_server() as noop:
            seconds = await start_seconds(directory, kubeconfig)
            report.add("start until it listens", f"{seconds * 1000:.0f} ms", "", "<= 500 ms", seconds <= 0.5)
            async with running_process(directory / "data", kubeconfig) as store:
                await measure_requests(report, store, noop, directory, given.seconds)
                await measure_files(report, store, noop, directory, given.mebibytes)
    Console().print(report.table)
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

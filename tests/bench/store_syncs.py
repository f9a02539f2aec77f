"""Proof by strace: each acknowledgement of the store leaves only after an fsync of the bytes that it is about.

    python tests/bench/store_syncs.py [--writes 20]

The store runs under strace; one client sends one write at a time. Between the arrival of a request and its answer there
must be a write of data to the disk, and the last such write to each file must be followed by an fsync or fdatasync of
that file before the answer is sent. Directories count too: a new name needs the fsync of its directory.
"""

import argparse
import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
from builders.store.load import Acknowledged, Load
from builders.store.process import answering_api

CALLS = "pwrite64,write,fsync,fdatasync,sendto,sendmsg,rename,renameat,renameat2,writev"
_CALL = re.compile(r"^(?:\[pid +)?\d+\]? +[\d.]+ (?P<name>\w+)\((?P<rest>.*)$")
_FILE = re.compile(r"^\d+<(?P<path>/[^>]*)>")
_PATHS = re.compile(r'"(?P<path>/[^"]+)"')
_ANSWER = re.compile(r"HTTP/1\.1 20\d")


@dataclass
class Proof:
    """What the trace shows."""

    answers: int = 0
    syncs: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    bare: int = 0
    """Answers without any fsync since the one before."""


@dataclass
class _State:
    dirty: dict[str, str] = field(default_factory=dict)
    """Files and directories with changes that no fsync has covered, and the change."""
    synced: int = 0


def read_trace(lines: Iterable[str], data: str) -> Proof:
    """Follow the calls in their order. An fsync counts from its end, so only its result line clears a file."""
    proof, state = Proof(), _State()
    unfinished: dict[str, str] = {}
    for line in lines:
        call, begun = _join(line, unfinished)
        if call is None or begun:
            continue
        _apply(call, data, proof, state)
    return proof


def _join(line: str, unfinished: dict[str, str]) -> tuple[str | None, bool]:
    """The whole call; strace splits those during which another thread calls something."""
    pid = line.split(maxsplit=1)[0]
    if line.rstrip().endswith("<unfinished ...>"):
        unfinished[pid] = line.split("<unfinished")[0].rstrip()
        name = unfinished[pid]
        # What changes a file, or leaves for the client, counts from its beginning.
        return (name, False) if not re.search(r" f(?:data)?sync\(", name) else (None, True)
    if "resumed>" in line:
        begun = unfinished.pop(pid, "")
        return (begun, False) if re.search(r" f(?:data)?sync\(", begun) else (None, True)
    return line, False


def _apply(line: str, data: str, proof: Proof, state: _State) -> None:
    match = _CALL.match(line)
    if match is None:
        return
    name, rest = match["name"], match["rest"]
    file = _FILE.match(rest)
    path = file["path"] if file else ""
    if name in ("fsync", "fdatasync"):
        state.dirty.pop(path, None)
        state.synced += 1
        proof.syncs[_kind(path, data)] += 1
    elif name.startswith("rename"):
        for found in _PATHS.findall(rest)[1:2]:
            state.dirty[str(Path(found).parent)] = f"rename to {found}"
    elif name in ("sendto", "sendmsg", "write", "writev") and "socket:" in rest.split(",")[0]:
        if _ANSWER.search(rest):
            proof.answers += 1
            proof.bare += state.synced == 0
            proof.violations += [f"answer with unsynced {change}" for change in state.dirty.values()]
            state.dirty.clear()
            state.synced = 0
    elif path.startswith(data) and not path.endswith("-shm") and name in ("write", "pwrite64", "writev"):
        if path.endswith("store.db"):  # Checkpointed pages are in the WAL, which was fsynced before.
            return
        state.dirty[path] = f"{name} to {path}"


def _kind(path: str, data: str) -> str:
    return path.removeprefix(data).lstrip("/").split("/")[0] or "data directory"


@asynccontextmanager
async def traced_store(data: Path, kubeconfig: Path, trace: Path) -> AsyncIterator[str]:
    """A store under strace; yields its URL."""
    tracing = ("strace", "-f", "-ttt", "-y", "-s", "64", "-e", f"trace={CALLS}", "-o", str(trace))
    store = (sys.executable, "-m", "titan_store", "--data-dir", str(data), "--port", "0", "--reserve-mib", "1")
    # Compiled modules are the interpreter's own business, and would count as renames that nobody synced.
    environment = {"KUBECONFIG": str(kubeconfig), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    process = await asyncio.create_subprocess_exec(*tracing, *store, env=environment, stdout=PIPE, stderr=DEVNULL)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        yield line.split()[-1]
    finally:
        # With a trace file strace blocks signals of its own; it ends with the store.
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGTERM)
        await process.wait()


async def trace_writes(directory: Path, writes: int) -> Proof:
    """One write at a time, of each kind; what the trace of them shows."""
    data, trace = directory / "data", directory / "trace"
    async with (
        answering_api(directory) as kubeconfig,
        traced_store(data, kubeconfig, trace) as url,
        aiohttp.ClientSession(url) as session,
    ):
        load = Load(session, Acknowledged(), 1)
        for put in load.kinds:
            for number in range(writes):
                assert await put(0, number)
    with trace.open(errors="replace") as lines:
        return read_trace(lines, str(data))


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writes", type=int, default=20, help="of each of the five kinds")
    given = parser.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is not there")
    with tempfile.TemporaryDirectory() as temporary:
        proof = await trace_writes(Path(temporary).resolve(), given.writes)
    print(f"{proof.answers} answers, fsyncs by place: {dict(proof.syncs)}")
    print(f"{proof.bare} answers without an fsync, {len(proof.violations)} with bytes that no fsync had covered")
    for violation in proof.violations[:10]:
        print(f"  {violation}")
    return 1 if proof.violations or proof.bare or proof.answers < 5 * given.writes else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""Runs of a container: one shim each, found again after a restart of the kubelet.

A shim writes its pid into its run's directory before it starts anything, and refuses to start where another has. So
a kubelet that died at any moment may simply start a shim again: either it is the first, or it ends at once.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from titan_local.kubelet import shim

UNKNOWN_EXIT = 137


@dataclass(frozen=True)
class Exit:
    """How a run ended."""

    code: int
    signal: int
    cannot_run: str | None
    finished: datetime
    is_known: bool = True
    """False when the shim died without a record."""


class Run:
    """One run of a container in its own directory; never started twice."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._spawned: int | None = None

    @property
    def was_started(self) -> bool:
        """Whether a shim has begun."""
        return (self.directory / shim.STARTED).exists()

    @property
    def started_at(self) -> datetime:
        """When it was started, as far as the directory tells."""
        return _modified(self.directory)

    def start(self, command: list[str], environment: dict[str, str], working_dir: Path) -> None:
        """Start the shim, detached."""
        self.directory.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-I", "-S", shim.__file__, str(self.directory), str(working_dir), *command]
        errors = os.open(self.directory / "shim.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        redirect = [
            (os.POSIX_SPAWN_DUP2, nothing, 0),
            (os.POSIX_SPAWN_DUP2, errors, 1),
            (os.POSIX_SPAWN_DUP2, errors, 2),
        ]
        try:
            self._spawned = os.posix_spawn(sys.executable, argv, environment, file_actions=redirect, setsid=True)
        finally:
            os.close(errors)
            os.close(nothing)

    async def wait(self) -> Exit:
        """Its end, whoever started it."""
        for pid in (self._spawned, self._first_shim()):
            if pid is not None:
                await _wait_for(pid)
        return self._read_exit()

    def terminate(self, number: signal.Signals) -> None:
        """Pass a signal on to the program; SIGKILL goes to its whole process group."""
        child = self._child()
        pid = self._first_shim() or self._spawned
        if pid is None:
            return
        if child is not None and number == signal.SIGKILL:
            _signal_group(child, number)
        elif number == signal.SIGKILL:
            _signal_group(pid, number)
        else:
            _signal(pid, number)

    def _read_exit(self) -> Exit:
        path = self.directory / shim.EXIT
        if not path.exists():
            child = self._child()
            if child is not None:
                _signal_group(child, signal.SIGKILL)
            return Exit(UNKNOWN_EXIT, 0, None, datetime.now(UTC), is_known=False)
        record = json.loads(path.read_text())
        return Exit(record["exitCode"], record.get("signal", 0), record.get("cannotRun"), _modified(path))

    def _child(self) -> int | None:
        path = self.directory / shim.CHILD
        return int(path.read_text()) if path.exists() else None

    def _first_shim(self) -> int | None:
        """The living shim of this run; the command line proves that the pid is still its own."""
        path = self.directory / shim.STARTED
        text = path.read_text() if path.exists() else ""
        if not text:
            return None
        try:
            command_line = Path(f"/proc/{text}/cmdline").read_bytes()
        except OSError:
            return None
        return int(text) if str(self.directory).encode() in command_line.split(b"\0") else None


async def _wait_for(pid: int) -> None:
    """Until a process ends, child of ours or not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    loop.add_reader(descriptor, end)
    try:
        await ended
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return  # A former kubelet was its parent; init has reaped it.


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)

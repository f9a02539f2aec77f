"""Runs of a container: one shim each, found again after a restart of the kubelet.

A shim writes its pid into its run's directory before it starts anything, and refuses to start where another has. So
a kubelet that died at any moment may simply start a shim again: either it is the first, or it ends at once.
"""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from titan_local.kubelet import sessions, shim

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
        """When it was started; now, if no shim has begun."""
        try:
            return _modified(self.directory / shim.STARTED)
        except FileNotFoundError:
            return datetime.now(UTC)

    async def start(self, command: list[str], environment: dict[str, str], working_dir: Path) -> None:
        """Start the shim, detached, and wait until the program runs or cannot. Raises OSError."""
        self.directory.mkdir(parents=True, exist_ok=True)
        running, shim_end = os.pipe()
        try:
            try:
                self._spawn([str(self.directory), str(working_dir), *command], environment, shim_end)
            finally:
                os.close(shim_end)
            await _wait_until_readable(running)
        finally:
            os.close(running)

    def _spawn(self, arguments: list[str], environment: dict[str, str], shim_end: int) -> None:
        argv = [sys.executable, "-I", "-S", shim.__file__, *arguments]
        errors = os.open(self.directory / "shim.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o644)
        redirect = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors, 1),
            (os.POSIX_SPAWN_DUP2, errors, 2),
            (os.POSIX_SPAWN_DUP2, shim_end, shim.STARTED_DESCRIPTOR),
        ]
        try:
            self._spawned = os.posix_spawn(sys.executable, argv, environment, file_actions=redirect, setsid=True)
        finally:
            os.close(errors)

    async def wait(self) -> Exit:
        """Its end, whoever started it."""
        for pid in (self._spawned, sessions.living_shim(self.directory)):
            if pid is not None:
                await _wait_for(pid)
        return self._read_exit()

    def terminate(self, number: signal.Signals) -> None:
        """Pass a signal on to the program; SIGKILL goes to its whole process group."""
        if number == signal.SIGKILL:
            sessions.kill_program(self.directory)
            return
        pid = sessions.living_shim(self.directory) or self._spawned
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _read_exit(self) -> Exit:
        path = self.directory / shim.EXIT
        try:
            record = json.loads(path.read_text())
        except FileNotFoundError:
            sessions.kill_program(self.directory)
            return Exit(UNKNOWN_EXIT, 0, None, datetime.now(UTC), is_known=False)
        return Exit(record["exitCode"], record.get("signal", 0), record.get("cannotRun"), _modified(path))


async def _wait_for(pid: int) -> None:
    """Until a process ends, child of ours or not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        await _wait_until_readable(descriptor)
    finally:
        os.close(descriptor)
    # If a former kubelet was its parent, init has reaped it.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


async def _wait_until_readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not readable.done():
            readable.set_result(None)

    loop.add_reader(descriptor, end)
    try:
        await readable
    finally:
        loop.remove_reader(descriptor)


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)

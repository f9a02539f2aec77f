"""Processes that outlive whoever started them, told apart from strangers that got the same pid later."""

import os
import select
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LAST_WAIT_SECONDS = 5.0
"""After SIGKILL, which only a process in the kernel's hands survives for a while."""


@dataclass(frozen=True)
class Process:
    """A process by its pid and the moment of its start, which together name it for as long as the machine is up."""

    pid: int
    start_ticks: int

    @property
    def is_alive(self) -> bool:
        """Whether it, and no later process of its pid, runs. One that waits to be reaped does not."""
        return self.start_ticks != 0 and read_start_ticks(self.pid) == self.start_ticks

    def send(self, number: signal.Signals) -> None:
        """Signal it, if it is alive."""
        with suppress(ProcessLookupError):
            if self.is_alive:
                os.kill(self.pid, number)


def current_process() -> Process:
    """This process."""
    return Process(os.getpid(), read_start_ticks(os.getpid()) or 0)


def read_start_ticks(pid: int) -> int | None:
    """When a living process was started, in the kernel's clock ticks since boot; None if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return int(fields[19]) if fields[0] not in "ZX" else None


def read_boot_id() -> str:
    """Which run of the machine this is."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def spawn(argv: tuple[str, ...], environment: Mapping[str, str], log: int) -> Process:
    """Start a process in a session of its own, both its outputs going to ``log``."""
    redirect = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
    ]
    pid = os.posix_spawn(argv[0], argv, environment, file_actions=redirect, setsid=True, setsigmask=())
    return Process(pid, read_start_ticks(pid) or 0)


def stop(processes: Iterable[Process], grace_seconds: float) -> None:
    """SIGTERM to all, SIGKILL to those that are still there after the grace; returns when all are gone."""
    left = [process for process in processes if process.is_alive]
    for number, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, LAST_WAIT_SECONDS)):
        for process in left:
            process.send(number)
        left = wait_for_ends(left, seconds)


def wait_for_ends(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Wait until all have ended; returns those that have not."""
    deadline = time.monotonic() + seconds
    left = [process for process in processes if process.is_alive]
    while left and time.monotonic() < deadline:
        descriptor = _open(left[0])
        if descriptor is not None:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
            os.close(descriptor)
        _reap(left[0].pid)
        left = [process for process in left if process.is_alive]
    return left


def _open(process: Process) -> int | None:
    try:
        return os.pidfd_open(process.pid)
    except ProcessLookupError:
        return None


def _reap(pid: int) -> None:
    """If it is a child of ours."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)

"""Processes that outlive their parent, told apart from later processes with the same pid."""

import os
import select
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LAST_WAIT_SECONDS = 5.0
"""How long to wait after SIGKILL, which only a process in an uninterruptible call survives for a while."""


@dataclass(frozen=True)
class Process:
    """A process by its pid and start time, which together identify it until the machine restarts."""

    pid: int
    start_ticks: int

    @property
    def is_alive(self) -> bool:
        """Whether this process runs, and not a later one with its pid. A zombie does not count."""
        return self.start_ticks != 0 and read_start_ticks(self.pid) == self.start_ticks

    def send(self, number: signal.Signals) -> None:
        """Send it a signal if it is alive."""
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
    """The identifier of the machine's current boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def spawn(argv: tuple[str, ...], environment: Mapping[str, str], log: int) -> Process:
    """Start a process in its own session, with stdout and stderr in ``log``."""
    redirect = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
    ]
    pid = os.posix_spawn(argv[0], argv, environment, file_actions=redirect, setsid=True, setsigmask=())
    return Process(pid, read_start_ticks(pid) or 0)


def stop(processes: Iterable[Process], grace_seconds: float) -> None:
    """Send SIGTERM to all, and SIGKILL to those that outlive the grace period; returns when all are gone."""
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

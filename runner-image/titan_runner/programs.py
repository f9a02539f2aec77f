"""Phase run: the program as a child, its output copied, signals passed on, orphans reaped as PID 1 must."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress

from titan_runner.errors import Interrupted, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from titan_runner.sources import Program

FORWARDED = (
    signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
)  # fmt: skip
NOT_FOUND = 127
CHUNK = 64 * 1024
GATHER_SECONDS = 0.002
"""Unbuffered Python writes a line and its end separately, and the next line soon: they should travel together."""
PIPE_CAPACITY = 1024 * 1024
"""More cannot be in a pipe; what comes later is of processes that outlived the program."""


class Signals:
    """What a signal does: before the program it ends the runner, then it is the program's, then it is too late."""

    def __init__(self) -> None:
        self._child: int | None = None
        self._held: list[int] | None = None
        self._is_over = False
        self.was_told_to_end = False
        """SIGTERM came before the program had ended: whoever deletes, drains or preempts the pod sends it."""

    def install(self) -> None:
        """From now on."""
        for number in FORWARDED:
            signal.signal(number, self._receive)

    def hold(self) -> None:
        """The program is being started: what arrives from now on is kept for it."""
        self._held = []

    def pass_on_to(self, child: int) -> None:
        """The program runs."""
        self._child = child
        for number in self._held or []:
            os.kill(child, number)

    def program_ended(self) -> None:
        """Its outcome is being published, which no polite signal stops."""
        self._child, self._is_over = None, True

    def _receive(self, number: int, _: FrameType | None) -> None:
        self.was_told_to_end |= number == signal.SIGTERM and not self._is_over
        if self._child is not None:
            with suppress(ProcessLookupError):  # It has just ended.
                os.kill(self._child, number)
        elif self._held is not None:
            self._held.append(number)
        elif not self._is_over:
            raise Interrupted(number)


def run(program: Program, environment: Mapping[str, str], signals: Signals, on_output: Callable[[bytes], None]) -> int:
    """Run to the end; returns the exit code as a shell would say it. Raises SourceError, Interrupted."""
    output, its_output = os.pipe()
    os.set_blocking(output, False)
    wakeup, wakeup_writer = os.pipe()
    os.set_blocking(wakeup_writer, False)
    signal.set_wakeup_fd(wakeup_writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    try:
        child = _start(program, environment, its_output, signals)
        os.close(its_output)
        return _follow(child, output, wakeup, signals, on_output)
    finally:
        signal.set_wakeup_fd(-1)


def _start(program: Program, environment: Mapping[str, str], output: int, signals: Signals) -> int:
    redirect: list[tuple[object, ...]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, output, 1),
        (os.POSIX_SPAWN_DUP2, output, 2),
    ]
    signals.hold()
    try:
        os.chdir(program.directory)
        child = os.posix_spawnp(
            program.command[0],
            program.command,
            environment,
            file_actions=redirect,
            setsigmask=(),
            # Python ignores these; programs in a pipe rely on the first.
            setsigdef=(signal.SIGPIPE, signal.SIGXFSZ),
        )
    except OSError as error:
        raise SourceError(f"{program.command[0]}: {error.strerror}", NOT_FOUND) from error
    signals.pass_on_to(child)
    return child


def _follow(child: int, output: int, wakeup: int, signals: Signals, on_output: Callable[[bytes], None]) -> int:
    poll = select.poll()
    poll.register(output, select.POLLIN)
    poll.register(wakeup, select.POLLIN)
    status = None
    while status is None:
        for descriptor, _ in poll.poll():
            if descriptor == wakeup:
                os.read(wakeup, CHUNK)
                status = _reap(child, signals)
            else:
                time.sleep(GATHER_SECONDS)
                if not _copy(output, on_output):
                    poll.unregister(output)
    copied = size = _copy(output, on_output)
    while size and copied < PIPE_CAPACITY:
        size = _copy(output, on_output)
        copied += size
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _reap(child: int, signals: Signals) -> int | None:
    """Wait for whatever ended; the program's status if it was among them."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if pid == child:
            signals.program_ended()
            return status
        if pid == 0:
            return None


def _copy(output: int, on_output: Callable[[bytes], None]) -> int:
    """Copy what is there; 0 at the end or if nothing is there."""
    try:
        data = os.read(output, CHUNK)
    except BlockingIOError:
        return 0
    if data:
        on_output(data)
    return len(data)

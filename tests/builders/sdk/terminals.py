"""Programs as a person at a terminal uses them: what they draw, and the keys that are pressed."""

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LIMIT_SECONDS = 90.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass(frozen=True)
class Ended:
    """A program that has ended."""

    code: int
    text: str
    """All that it drew, frame after frame, without colours and cursor movements."""


def run_at_terminal(command: Sequence[str], env: Mapping[str, str], when: str, press: bytes) -> Ended:
    """Run a program at a terminal of its own, and press keys as soon as it has drawn certain words.

    Raises AssertionError with what was drawn if the program does not end.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        # A person's shell starts programs so, however the tests were started (nohup and some CI ignore it).
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execve(command[0], list(command), dict(env) | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"})
    drawn, has_pressed, deadline = b"", False, time.monotonic() + LIMIT_SECONDS
    try:
        while chunk := _read(terminal, deadline):
            drawn += chunk
            if not has_pressed and when.encode() in drawn:
                os.write(terminal, press)
                has_pressed = True
        assert time.monotonic() < deadline, f"the program did not end:\n{_plain(drawn)}"
    finally:
        os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return Ended(os.waitstatus_to_exitcode(status), _plain(drawn))


def _read(terminal: int, deadline: float) -> bytes:
    """What was drawn meanwhile; nothing once the program has ended or the time is over."""
    ready, _, _ = select.select([terminal], [], [], max(deadline - time.monotonic(), 0))
    if not ready:
        return b""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""  # Linux's way to say that the program has closed its side.


def _plain(drawn: bytes) -> str:
    return _ESCAPES.sub("", drawn.decode(errors="replace")).replace("\r\n", "\n")

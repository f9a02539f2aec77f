"""How an attempt ended: the record for the store, and the termination message for the kubelet."""

from __future__ import annotations

import binascii
import json
import os
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COMPLETED, ERROR = "Completed", "Error"
SOURCE_INVALID, FETCH_FAILED, PUBLISH_FAILED = "SourceInvalid", "FetchFailed", "PublishFailed"
TERMINATED, OUT_OF_MEMORY = "Terminated", "OOMKilled"
FETCH, RUN, PUBLISH = "fetch", "run", "publish"
LONGEST_MESSAGE = 1024


class Outcome:
    """How far the runner came and how the program ended; exit code None if it never ran."""

    def __init__(self, phase: str, exit_code: int | None, reason: str, message: str = "") -> None:
        self.phase = phase
        self.exit_code = exit_code
        self.reason = reason
        self.message = message[:LONGEST_MESSAGE]

    def last_words(self) -> bytes:
        """The termination message, which stands in the pod's status."""
        words = {"phase": self.phase, "exitCode": self.exit_code, "reason": self.reason, "message": self.message}
        return json.dumps(words).encode()

    def record(self, pod: tuple[str, str], begun: float, ended: float, log_size: int, files: dict[str, Any]) -> bytes:
        """The store's record; ``pod`` is name and uid, times are Unix times, ``files`` is Workspace.record."""
        words: dict[str, Any] = {
            "pod": pod[0],
            "podUID": pod[1],
            "phase": self.phase,
            "exitCode": self.exit_code,
            "reason": self.reason,
            "message": self.message,
            "startTime": format_time(begun),
            "endTime": format_time(ended),
            "logSize": log_size,
            **files,
        }
        return json.dumps(words).encode()


def outcome_of_exit(code: int, last_line: str, shortage: str = "", *, was_told_to_end: bool = False) -> Outcome:
    """The outcome of a program that ran: success is to be published, failure ended in the run.

    The failure of a program that was told to end is not its own; the reason says so. One that failed when the kernel
    had killed a process, as ``shortage`` says (Memory.shortage), failed for want of memory, whichever process it was.
    """
    if code == 0:
        return Outcome(PUBLISH, 0, COMPLETED)
    how = f"killed by {_signal_name(code - 128)}" if code > 128 else f"exit code {code}"
    words = ": ".join(filter(None, (shortage, how, last_line)))
    return Outcome(RUN, code, TERMINATED if was_told_to_end else OUT_OF_MEMORY if shortage else ERROR, words)


def write_last_words(path: str, outcome: Outcome) -> None:
    """Leave the termination message, where there is a place for it."""
    try:
        with open(path, "wb") as file:
            file.write(outcome.last_words())
    except OSError:
        return  # Not in a container; the exit code and the store have said it.


def pod_of(token: str) -> tuple[str, str]:
    """Name and uid of the pod that a ServiceAccount's token is bound to; the token is the only place to learn it."""
    try:
        claims = token.split(".")[1].replace("-", "+").replace("_", "/")
        bound = json.loads(binascii.a2b_base64(claims + "=" * (-len(claims) % 4)))["kubernetes.io"]["pod"]
        return str(bound["name"]), str(bound["uid"])
    except (IndexError, ValueError, KeyError, TypeError):
        return os.environ.get("HOSTNAME", ""), ""


def format_time(moment: float) -> str:
    """A Unix time as MicroTime."""
    microseconds = round(moment * 1_000_000)
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest:06d}Z"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

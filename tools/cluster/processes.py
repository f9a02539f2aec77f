"""Which process is meant by a number that was written down, and ending that one and no other."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Process:
    """A number may be given to another process, so its start (clock ticks since boot) and the boot belong to it."""

    pid: int
    started: int
    boot: str

    @property
    def exists(self) -> bool:
        """Whether this very process lives."""
        return _boot() == self.boot and _start_of(self.pid) == self.started

    def end(self) -> None:
        """Kills it, and waits until it is gone."""
        if not self.exists:
            return
        os.kill(self.pid, signal.SIGKILL)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.exists and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.exists:
            raise RuntimeError(f"process {self.pid} does not end")

    def as_record(self) -> dict[str, Any]:
        """For a JSON file."""
        return {"pid": self.pid, "started": self.started, "boot": self.boot}


def identify(pid: int) -> Process:
    """The process that has this number now."""
    return Process(pid, _start_of(pid), _boot())


def from_record(record: dict[str, Any]) -> Process:
    """The process that a JSON file speaks of."""
    return Process(record["pid"], record["started"], record["boot"])


def children_of(pid: int) -> list[int]:
    """The numbers of its children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _start_of(pid: int) -> int:
    """0 if there is no such process, or only what its parent has not collected yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    # The name, in parentheses, may hold anything; what follows it is the state, and nineteen fields later the start.
    fields = stat.rpartition(")")[2].split()
    return 0 if fields[0] == "Z" else int(fields[19])


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()

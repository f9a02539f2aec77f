"""The processes of a run, found by its directory and never mistaken for others.

The shim leads a session; its program leads a process group in that session. Whatever else happened to a pid, a
process in the shim's session is the run's: so a pid that was given to a stranger meanwhile is recognised.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

from titan_local.daemons import read_start_ticks
from titan_local.kubelet import shim


def shim_of(run: Path) -> int | None:
    """pid of the shim that won the run, dead or alive; None if none has begun."""
    return _read_pid(run / shim.STARTED)


def living_shim(run: Path) -> int | None:
    """pid of the run's shim if it is alive."""
    pid = shim_of(run)
    return pid if pid is not None and _is_in(pid, pid) and _is_shim(pid, run) else None


def living_program(run: Path) -> int | None:
    """pid (and process group) of the run's program if it is alive, even if its shim is not."""
    session, child = shim_of(run), _read_pid(run / shim.CHILD)
    return child if session is not None and child is not None and _is_in(session, child) else None


def kill_program(run: Path) -> None:
    """SIGKILL to the program's whole group; the shim then records that end."""
    child = living_program(run)
    if child is not None:
        _kill_group(child)


def kill_run(run: Path) -> bool:
    """SIGKILL to everything, the shim first so that it records no end. Returns whether anything was alive."""
    pids = [pid for pid in (living_shim(run), living_program(run)) if pid is not None]
    for pid in pids:
        _kill_group(pid)
    return bool(pids)


def _is_in(session: int, pid: int) -> bool:
    """Whether the pid is alive in that session; one that waits to be reaped is not."""
    try:
        return os.getsid(pid) == session and read_start_ticks(pid) is not None
    except ProcessLookupError:
        return False


def _is_shim(pid: int, run: Path) -> bool:
    """The command line tells a shim from a stranger that leads a session under the same pid."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return str(run).encode() in words


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None

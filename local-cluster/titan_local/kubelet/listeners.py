"""Which process listens on a port: asked of the kernel, because all pods share this machine's ports."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from titan_local.kubelet.sessions import shim_of

LISTEN = "0A"
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")


def is_listening(run: Path, port: int) -> bool:
    """Whether a process of that run of a container listens on a TCP port."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return False
    return any(_holds_one(pid, sockets) for pid in _processes(run))


def _listening_inodes(port: int) -> Iterator[str]:
    for table in _TABLES:
        with suppress(FileNotFoundError), Path(table).open() as lines:  # A machine without IPv6 lacks one.
            next(lines)
            for line in lines:
                fields = line.split()
                if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]


def _processes(run: Path) -> Iterator[int]:
    """Those in the run's session, and those that left it but carry the pod's kubeconfig in their environment."""
    session, mark = shim_of(run), f"\0KUBECONFIG={run.parents[2]}/".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # Ended meanwhile, or somebody else's.
                pid = int(entry.name)
                if os.getsid(pid) == session or mark in b"\0" + (entry / "environ").read_bytes():
                    yield pid


def _holds_one(pid: int, sockets: set[str]) -> bool:
    with suppress(OSError):
        return any(_target(descriptor) in sockets for descriptor in Path(f"/proc/{pid}/fd").iterdir())
    return False


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""

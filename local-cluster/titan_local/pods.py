"""Ends all pods' processes when a cluster is taken down, even if its kubelet is gone."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from titan_local.kubelet.sessions import kill_run

PATIENCE_SECONDS = 5.0
ASK_SECONDS = 0.01


def kill_all(root: Path) -> None:
    """Send SIGKILL to every pod's processes until none is left."""
    runs = list(root.glob("*/runs/*/*"))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        runs = [run for run in runs if kill_run(run)]
        strays = list(_strays(root))
        for pid in strays:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not runs and not strays:
            return
        time.sleep(ASK_SECONDS)


def _strays(root: Path) -> Iterator[int]:
    """Processes that left their pod's session: their environment still names the pod's kubeconfig."""
    mark = f"\0KUBECONFIG={root}/".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = b"\0" + (entry / "environ").read_bytes()
            except OSError:
                continue  # Ended meanwhile, or somebody else's.
            if mark in environment:
                yield int(entry.name)

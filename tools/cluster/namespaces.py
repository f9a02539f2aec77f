"""The Linux namespaces in which a cluster lives, held by one process.

Network, mounts and process ids are the cluster's own. When their first process ends, by our hand or because the machine
lost its power, the kernel ends every process in them and drops their mounts, bridges, routes and rules: nothing needs
to be remembered in order to be cleaned up.
"""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cluster.layouts import Layout
from tools.cluster.processes import Process, children_of, from_record, identify

# Where programs write that cannot be told otherwise. The cluster has directories of its own there.
PRIVATE_DIRECTORIES = ("/run", "/var/log", "/var/lib/kubelet", "/var/lib/cni")
_RECORD = "namespaces.json"
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Namespaces:
    """The namespaces of a process: the first in them, whose end is the end of all of it."""

    first: Process

    @property
    def exist(self) -> bool:
        """Whether anything lives in them."""
        return self.first.exists

    def enter(self, command: Sequence[str]) -> list[str]:
        """The command line that runs the command in the namespaces."""
        return ["nsenter", f"--target={self.first.pid}", "--net", "--mount", "--pid", "--", *command]

    def run(self, *command: str) -> str:
        """Runs a command in the namespaces to its end; its output."""
        return subprocess.run(self.enter(command), check=True, capture_output=True, text=True).stdout

    def write(self, file: str, text: str) -> None:
        """Writes into a file as the namespaces see it: settings of the kernel are per network namespace."""
        self.run("sh", "-c", 'printf %s "$1" > "$2"', "write", text, file)

    def end(self) -> None:
        """Ends every process in the namespaces."""
        self.first.end()


def make(layout: Layout) -> Namespaces:
    """Makes the namespaces of a cluster and remembers them in its state directory."""
    pause = f"{layout.bin}/pause"
    # Slave: what the host unmounts goes here too, instead of being kept busy; what is mounted here stays here.
    flags = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--propagation=slave"]
    parent = subprocess.Popen(
        ["unshare", *flags, pause],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    namespaces = Namespaces(identify(_wait_for_child(parent, Path(pause))))
    created = [directory for directory in PRIVATE_DIRECTORIES if not Path(directory).exists()]
    record = namespaces.first.as_record() | {"created": created}
    (layout.state / _RECORD).write_text(json.dumps(record))
    for directory in created:
        Path(directory).mkdir(parents=True)
    # Kubelet and containerd hand mounts to each other, so inside, everything is shared.
    namespaces.run("mount", "--make-rshared", "/")
    for directory in PRIVATE_DIRECTORIES:
        namespaces.run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", directory)
    return namespaces


def find(layout: Layout) -> Namespaces | None:
    """The namespaces that the state directory speaks of, alive or not."""
    record = _read_record(layout)
    return Namespaces(from_record(record)) if record else None


def remove_mount_points(layout: Layout) -> None:
    """Removes the directories that were made only to mount on them; one that somebody uses by now stays."""
    for directory in _read_record(layout).get("created", []):
        path = Path(directory)
        if path.exists() and not any(path.iterdir()):
            path.rmdir()


def _read_record(layout: Layout) -> dict[str, Any]:
    file = layout.state / _RECORD
    record: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return record


def _wait_for_child(parent: "subprocess.Popen[bytes]", program: Path) -> int:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and parent.poll() is None:
        for pid in children_of(parent.pid):
            # Before it becomes the program the child mounts /proc; nobody may enter earlier.
            if Path(f"/proc/{pid}/exe").resolve() == program.resolve():
                return pid
        time.sleep(0.01)
    parent.kill()
    raise RuntimeError("this machine does not let us make namespaces (unshare failed)")

"""Starting the node's programs, waiting for them, and asking the cluster."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tools.cluster.layouts import Layout
from tools.cluster.namespaces import Namespaces

_PATIENCE_SECONDS = 120.0


class ClusterError(Exception):
    """The cluster does not come up; the sentence says which program is to blame and what it said last."""


@dataclass
class Programs:
    """The programs of one cluster, as the process that starts it knows them."""

    layout: Layout
    namespaces: Namespaces
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Starts a program in the namespaces; its output goes to a file of its name."""
        with (self.layout.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.namespaces.enter(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.layout.state,
                start_new_session=True,
            )

    def succeeds(self, *command: str) -> bool:
        """Whether a command succeeds in the namespaces."""
        return subprocess.run(self.namespaces.enter(command), capture_output=True, check=False).returncode == 0

    def wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        """Waits until a program is ready, and gives up at once if it has ended."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not is_ready():
            if self.running[name].poll() is not None:
                raise ClusterError(f"{name} has ended. It said:\n{self._last_words(name)}")
            if time.monotonic() > deadline:
                raise ClusterError(f"{name} is not ready after {_PATIENCE_SECONDS:.0f} s. {self._last_words(name)}")
            time.sleep(0.1)

    def _last_words(self, name: str) -> str:
        lines = (self.layout.logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-10:])


def kubectl(layout: Layout, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Runs kubectl as the administrator."""
    command = [layout.program("kubectl"), f"--kubeconfig={layout.admin_kubeconfig}", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def ask(layout: Layout, *arguments: str) -> bool:
    """Whether kubectl succeeds."""
    return kubectl(layout, *arguments).returncode == 0


def apply(layout: Layout, objects: Sequence[object]) -> None:
    """Applies objects."""
    document = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    applied = kubectl(layout, "apply", "--filename=-", stdin=document)
    if applied.returncode != 0:
        raise ClusterError(f"kubectl apply failed: {applied.stderr.strip()}")

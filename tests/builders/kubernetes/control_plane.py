"""Components of the embedded cluster as subprocesses, chosen one by one: the API server, then what a test is about."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from titan_local.kubeconfigs import write_kubeconfig
from titan_local.nodes import default_nodes, write_nodes
from titan_local.running.admin import Admin, AdminError
from titan_local.running.components import component_user
from titan_local.running.states import StateDir

from titan_api.json_types import Json

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
PODS = "/api/v1/namespaces/default/pods"


class ControlPlane:
    """An API server in a state directory, with whatever other components a test starts."""

    def __init__(self, root: Path) -> None:
        from titan_local.apiserver.identity.certificates import ensure_authority
        from titan_local.apiserver.identity.tokens import ensure_static_token

        self.state = StateDir(root)
        self.state.prepare()
        write_nodes(self.state.nodes_file, default_nodes())
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start("apiserver", "--state-dir", str(root), "--port", "0")
        server = json.loads(wait_for(lambda: _read(root / "apiserver.json")))["url"]
        authority = ensure_authority(root)
        token = ensure_static_token(root, component_user("test"), ["system:masters"])
        write_kubeconfig(self.state.kubeconfig, server, authority, token)
        self.admin = Admin(self.state.kubeconfig)
        wait_for(lambda: _answers(self.admin))

    def start(self, component: str, *options: str) -> int:
        """Start a component; returns its pid."""
        argv = [sys.executable, "-m", f"titan_local.{component}", *options]
        log = self.state.open_log(component)
        environment = os.environ | {"KUBECONFIG": str(self.state.kubeconfig)}
        self._processes[component] = subprocess.Popen(
            argv, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        os.close(log)
        return self._processes[component].pid

    def start_kubelet(self) -> None:
        """Start the kubelet and wait until its nodes are ready."""
        self.start("kubelet", "--state-dir", str(self.state.root))
        wait_for(lambda: len(self.admin.request("GET", "/api/v1/nodes")["items"]) == len(default_nodes()))

    def kill(self, component: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End a component."""
        process = self._processes.pop(component)
        process.send_signal(number)
        process.wait()

    def close(self) -> None:
        """End everything."""
        self.admin.close()
        for component in list(self._processes):
            self.kill(component)

    # ------------------------------------------------------------ pods
    def run_pod(self, name: str, script: str, **spec: Any) -> Json:
        """Create a pod of one container that runs a shell script, by default bound to titan-1."""
        container = {"name": "main", "image": "none", "command": ["sh", "-c", script]} | spec.pop("container", {})
        whole = {"nodeName": "titan-1", "restartPolicy": "Never", "containers": [container]} | spec
        body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": whole}
        return self.admin.request("POST", PODS, body)

    def get_pod(self, name: str) -> Json | None:
        """The pod, or None."""
        try:
            return self.admin.request("GET", f"{PODS}/{name}")
        except AdminError as error:
            if error.code == 404:
                return None
            raise

    def wait_for_phase(self, name: str, *phases: str) -> Json:
        """The pod, once it is in one of the phases."""

        def look() -> Json | None:
            pod = self.get_pod(name)
            return pod if pod is not None and pod["status"]["phase"] in phases else None

        return wait_for(look)

    def wait_for_end(self, name: str) -> Json:
        """The status of the only container's end."""
        pod = self.wait_for_phase(name, "Succeeded", "Failed")
        ended: Json = pod["status"]["containerStatuses"][0]["state"]["terminated"]
        return ended

    def delete_pod(self, name: str, grace: int | None = None) -> None:
        """Delete it and wait until it is gone."""
        self.admin.request("DELETE", f"{PODS}/{name}", {"gracePeriodSeconds": grace} if grace is not None else {})
        wait_for(lambda: self.get_pod(name) is None)


def wait_for(look: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """What it shows, as soon as that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("what was waited for did not happen")


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _answers(admin: Admin) -> bool:
    try:
        admin.request("GET", "/readyz")
    except OSError:
        return False
    return True

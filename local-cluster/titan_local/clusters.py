"""The embedded cluster as a whole: bring it up, look at it, take it down."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from titan_local import pods
from titan_local.daemons import stop
from titan_local.nodes import NodesError, default_nodes, read_nodes, write_nodes
from titan_local.running.components import BOOTSTRAP, SUPERVISOR
from titan_local.running.locks import exclusive
from titan_local.running.ports import choose_ports
from titan_local.running.readiness import Readiness
from titan_local.running.reports import ClusterInfo, ClusterStatus, read_status
from titan_local.running.states import LocalError, Ports, StateDir, api_url, store_url, unusable

GRACE_SECONDS = 2.0
"""Between SIGTERM and SIGKILL; by design no component loses anything by either."""
ASK_SECONDS = 0.02
HOPELESS_RESTARTS = 4
"""After so many starts without readiness, a component is reported as the reason that the cluster is not up."""


class LocalCluster:
    """The embedded cluster of one state directory. Its processes live on when this object is gone."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir.absolute()
        self._state = StateDir(self.state_dir)

    def up(
        self,
        api_port: int | None = None,
        store_port: int | None = None,
        nodes_file: Path | None = None,
        timeout: float = 30.0,
    ) -> ClusterInfo:
        """Start what is not running, and wait until everything answers.

        Ports: those of the last time, else 7443 and 9090; 0 takes a free one, which the cluster then keeps.

        Raises LocalError: a port is taken, the directory cannot be used, or it is not ready within ``timeout``
        seconds. A cluster that is up already is fine, and keeps its ports.
        """
        _require_linux()
        self._refuse_foreign_directory()
        self._state.prepare()
        with exclusive(self._state, timeout):
            running = self._state.read_running()
            is_supervised = bool(running.alive(SUPERVISOR))
            ports = self._state.read_ports() if running.alive() else None
            try:
                if ports is None:
                    ports = choose_ports(api_port, store_port, self._state.read_ports())
                    self._state.write_ports(ports)
                self._write_files(ports, nodes_file)
            except OSError as error:
                raise unusable(self.state_dir, error) from error
            if not is_supervised:
                self._start_supervisor()
            try:
                self._wait_until_ready(ports, timeout)
            except LocalError:
                if not is_supervised:
                    self._stop()
                raise
        return ClusterInfo(
            self.state_dir, api_url(ports), store_url(ports), self._state.kubeconfig, already_up=is_supervised
        )

    def down(self) -> None:
        """Stop everything that ``up`` started, the pods' processes included, and wait until it is gone."""
        if not self._state.ports_file.exists():
            return
        with exclusive(self._state, GRACE_SECONDS * 4):
            self._stop()

    def reset(self) -> None:
        """Take it down and delete everything: objects, values, files, logs, credentials, ports."""
        if not self._state.ports_file.exists():
            return
        self.down()
        try:
            shutil.rmtree(self.state_dir)
        except OSError as error:
            raise unusable(self.state_dir, error) from error

    def status(self) -> ClusterStatus:
        """What runs, and what answers."""
        return read_status(self._state)

    def env(self) -> dict[str, str]:
        """The environment variables that programs need to use the cluster. Raises LocalError if it is not up."""
        ports = self._state.read_ports()
        if ports is None or not self._state.read_running().alive():
            raise LocalError(f"no embedded cluster is up in {self.state_dir}", "start it with: titan local up")
        return {
            "KUBECONFIG": str(self._state.kubeconfig),
            "TITAN_STORE_URL": store_url(ports),
            "TITAN_HOST": urlsplit(store_url(ports)).hostname or "",
            "TITAN_PORT": str(ports.store),
        }

    # ------------------------------------------------------------ steps of coming up
    def _refuse_foreign_directory(self) -> None:
        try:
            is_foreign = any(self.state_dir.iterdir()) and not self._state.ports_file.exists()
        except FileNotFoundError:
            return
        except OSError as error:
            raise unusable(self.state_dir, error) from error
        if is_foreign and not self._state.lock_file.exists():
            hint = "choose another with --state-dir"
            raise LocalError(f"{self.state_dir} contains files that do not belong to an embedded cluster", hint)

    def _write_files(self, ports: Ports, nodes_file: Path | None) -> None:
        from titan_local.credentials import write_credentials  # Costs 100 ms; only ``up`` needs it.

        if nodes_file is not None or not self._state.nodes_file.exists():
            try:
                write_nodes(self._state.nodes_file, read_nodes(nodes_file) if nodes_file else default_nodes())
            except NodesError as error:
                raise LocalError(str(error)) from error
        write_credentials(self._state, ports)

    def _start_supervisor(self) -> None:
        self._state.bootstrapped.unlink(missing_ok=True)
        log = self._state.open_log(SUPERVISOR)
        try:
            argv = [sys.executable, "-m", "titan_local.running.supervisor", "--state-dir", str(self.state_dir)]
            subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)
        except subprocess.CalledProcessError as error:
            raise LocalError("the supervisor did not start", f"see {self._state.log_file(SUPERVISOR)}") from error
        finally:
            os.close(log)

    def _wait_until_ready(self, ports: Ports, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        readiness = Readiness(self._state, ports)
        try:
            while missing := readiness.missing() or self._missing_supervisor():
                restarts = self._state.read_running().restarts
                hopeless = [name for name in (*missing, BOOTSTRAP) if restarts.get(name, 0) >= HOPELESS_RESTARTS]
                if hopeless or time.monotonic() > deadline:
                    raise self._not_ready((hopeless or missing)[0])
                time.sleep(ASK_SECONDS)
        finally:
            readiness.close()

    def _missing_supervisor(self) -> list[str]:
        """The supervisor, if it is not recorded as running: it goes into the background before it adopts components."""
        return [] if self._state.read_running().alive(SUPERVISOR) else [SUPERVISOR]

    def _stop(self) -> None:
        stop(self._state.read_running().alive(SUPERVISOR), GRACE_SECONDS)
        # Read again: until its end the supervisor may have started something.
        stop(self._state.read_running().alive(), GRACE_SECONDS)
        pods.kill_all(self._state.pods)
        self._state.cluster_file.unlink(missing_ok=True)

    def _not_ready(self, component: str) -> LocalError:
        log = self._state.log_file(component)
        lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        last_words = f": {lines[-1]}" if lines else ""
        return LocalError(f"the {component} did not become ready{last_words}", f"its log is {log}")


def _require_linux() -> None:
    if not sys.platform.startswith("linux"):
        raise LocalError(
            f"the embedded cluster runs on Linux only, not on {sys.platform}", "use a Kubernetes cluster instead"
        )

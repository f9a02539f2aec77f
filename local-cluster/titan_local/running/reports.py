"""The status of a cluster, asked of its processes and not remembered."""

from dataclasses import dataclass
from pathlib import Path

from titan_local.running.components import SUPERVISOR, list_components
from titan_local.running.readiness import Readiness
from titan_local.running.states import Ports, Running, StateDir, api_url, store_url


@dataclass(frozen=True)
class ClusterInfo:
    """A cluster that is ready."""

    state_dir: Path
    api_server: str
    store_url: str
    kubeconfig: Path
    already_up: bool
    """It was ready before; nothing was started."""


@dataclass(frozen=True)
class ComponentStatus:
    """One process of the cluster."""

    name: str
    state: str
    """running or stopped."""
    pid: int | None
    log: Path
    restarts: int


@dataclass(frozen=True)
class ClusterStatus:
    """What runs of a cluster."""

    is_ready: bool
    """All components answer."""
    missing: tuple[str, ...]
    """Those that do not."""
    api_server: str
    store_url: str
    components: tuple[ComponentStatus, ...]


def read_status(state: StateDir) -> ClusterStatus:
    """The present status; everything is stopped in a directory in which no cluster was ever up."""
    ports, running = state.read_ports(), state.read_running()
    if ports is None:
        return ClusterStatus(False, (SUPERVISOR,), "", "", (_component(state, running, SUPERVISOR),))
    names = [SUPERVISOR, *(c.name for c in list_components(state, ports) if not c.once)]
    components = tuple(_component(state, running, name) for name in names)
    stopped = [component.name for component in components if component.pid is None]
    missing = tuple(dict.fromkeys([*stopped, *_silent(state, ports)]))
    return ClusterStatus(not missing, missing, api_url(ports), store_url(ports), components)


def _component(state: StateDir, running: Running, name: str) -> ComponentStatus:
    process = running.components.get(name)
    pid = process.pid if process is not None and process.is_alive else None
    how = "stopped" if pid is None else "running"
    return ComponentStatus(name, how, pid, state.log_file(name), running.restarts.get(name, 0))


def _silent(state: StateDir, ports: Ports) -> list[str]:
    if not state.kubeconfig.exists():
        return []
    readiness = Readiness(state, ports)
    try:
        return readiness.missing()
    finally:
        readiness.close()

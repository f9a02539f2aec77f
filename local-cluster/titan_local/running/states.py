"""The state directory of an embedded cluster: which file is where, and what runs according to it."""

import errno
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from titan_local.daemons import Process, read_boot_id
from titan_local.files import write_atomically

API_PORT, STORE_PORT = 7443, 9090
"""Defaults; programs of the earlier Titan expect the store at the second."""
LONGEST_LOG = 16 * 1024 * 1024


class LocalError(Exception):
    """The embedded cluster cannot do what was asked: one sentence, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Ports:
    """Where the components listen, on 127.0.0.1 only."""

    api: int
    store: int
    probes: int
    """The operator's."""


@dataclass(frozen=True)
class Running:
    """What was started, as ``cluster.json`` says; whether it still runs must be asked of each process."""

    components: dict[str, Process] = field(default_factory=dict)
    """By name; the supervisor is one of them."""
    restarts: dict[str, int] = field(default_factory=dict)
    """How often the supervisor had to start a component again."""

    def alive(self, *names: str) -> list[Process]:
        """Those of the named components, or of all, that still run."""
        return [p for name, p in self.components.items() if (not names or name in names) and p.is_alive]


class StateDir:
    """Paths below the state directory, and its small files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kubeconfig = root / "kubeconfig"
        """The person's credentials."""
        self.cluster_file = root / "cluster.json"
        """What runs and where: for people and for the SDK."""
        self.ports_file = root / "ports.json"
        """The ports of this cluster, kept over restarts."""
        self.lock_file = root / "up.lock"
        """Held by whoever brings the cluster up or down."""
        self.nodes_file = root / "nodes.json"
        """The simulated nodes."""
        self.pods = root / "pods"
        """One directory per pod."""
        self.bootstrapped = root / "bootstrapped"
        """There once the API server holds what the others need; made anew at every start."""
        self.store_data = root / "store"
        """The store's data."""

    def component_kubeconfig(self, name: str) -> Path:
        """Credentials of a component."""
        return self.root / f"{name}.kubeconfig"

    def log_file(self, name: str) -> Path:
        """The log of a component."""
        return self.root / "logs" / f"{name}.log"

    # ------------------------------------------------------------ the small files
    def prepare(self) -> None:
        """Make the directory. Raises LocalError if it cannot be written."""
        try:
            for folder in (self.root, self.root / "logs", self.pods, self.store_data):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self.root / ".writable"
            write_atomically(probe, "")
            probe.unlink()
        except OSError as error:
            raise unusable(self.root, error) from error

    def open_log(self, name: str) -> int:
        """The log file of a component, to append to; a very long one is put aside."""
        path = self.log_file(name)
        if path.exists() and path.stat().st_size > LONGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def read_ports(self) -> Ports | None:
        """The remembered ports."""
        content = _read_json(self.ports_file)
        try:
            return Ports(**content) if content else None
        except TypeError:
            return None  # Of another version; chosen anew.

    def write_ports(self, ports: Ports) -> None:
        """Remember the ports."""
        write_atomically(self.ports_file, json.dumps(asdict(ports)))

    def read_running(self) -> Running:
        """What was started since the machine booted; pids and start times from before mean nothing."""
        content = _read_json(self.cluster_file)
        if content.get("bootID") != read_boot_id():
            return Running()
        entries = content.get("components", {})
        return Running(
            {name: Process(int(entry["pid"]), int(entry["startTicks"])) for name, entry in entries.items()},
            {name: int(entry["restarts"]) for name, entry in entries.items()},
        )

    def write_running(self, running: Running, ports: Ports) -> None:
        """Say what runs and where."""
        entries = {
            name: {
                "pid": process.pid,
                "startTicks": process.start_ticks,
                "restarts": running.restarts.get(name, 0),
                "log": str(self.log_file(name)),
            }
            for name, process in running.components.items()
        }
        content = {
            "apiServer": api_url(ports),
            "storeURL": store_url(ports),
            "bootID": read_boot_id(),
            "components": entries,
        }
        write_atomically(self.cluster_file, json.dumps(content, indent=1))


def default_state_dir() -> Path:
    """``$TITAN_HOME/local``, by default ``~/.titan/local``."""
    home = os.environ.get("TITAN_HOME")
    return (Path(home) if home else Path.home() / ".titan") / "local"


def api_url(ports: Ports) -> str:
    """The API server's address."""
    return f"https://127.0.0.1:{ports.api}"


def store_url(ports: Ports) -> str:
    """The store's address."""
    return f"http://127.0.0.1:{ports.store}"


def unusable(path: Path, error: OSError) -> LocalError:
    """The sentence for a state directory that cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalError(f"there is no space left for the state directory {path}", "free some, or set TITAN_HOME")
    why = error.strerror or str(error)
    return LocalError(f"the state directory {path} cannot be used: {why}", "choose another with --state-dir")


def _read_json(path: Path) -> dict[str, Any]:
    """The content; nothing if the file is absent or was damaged, which a stale directory may be."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}

"""Two real operators with one Lease on an embedded cluster, in place of the one that it brings along."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.clusters import component_pids
from titan_local.clusters import LocalCluster

LIMIT_SECONDS = 90.0
_CALL = re.compile(r'titan_api_calls_total\{code="(\d+)",kind="(\w+)",verb="(\w+)"\} ([\d.e+]+)')


class Replica:
    """One operator process with probes and a log of its own."""

    def __init__(self, cluster: LocalCluster, name: str, election: dict[str, object]) -> None:
        config = json.loads((cluster.state_dir / "operator.json").read_text())
        self._port = free_port()
        config |= {"probePort": self._port, "leaderElection": {"enabled": True} | election}
        path = cluster.state_dir / f"{name}.json"
        path.write_text(json.dumps(config))
        self.name = name
        self.log = cluster.state_dir / "logs" / f"{name}.log"
        env = dict(os.environ) | {"KUBECONFIG": str(cluster.state_dir / "operator.kubeconfig")}
        command = [sys.executable, "-m", "titan_operator", "--config", str(path)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def signal(self, number: signal.Signals) -> None:
        """SIGKILL, SIGSTOP, SIGCONT."""
        self._process.send_signal(number)
        if number == signal.SIGKILL:
            self._process.wait()

    def end(self) -> None:
        """Whatever state it is in."""
        if self._process.poll() is None:
            self.signal(signal.SIGKILL)

    def leads(self) -> bool:
        """Whether it may write now, by its own word."""
        return "titan_leader 1.0" in self._metrics()

    def is_ready(self) -> bool:
        """Whether its cache is warm."""
        return 'titan_resyncs_total{kind="TitanJob"}' in self._metrics()

    def writes(self) -> Counter[tuple[str, str]]:
        """Its writes so far by verb and kind, those of the Lease left out."""
        found: Counter[tuple[str, str]] = Counter()
        for _, kind, verb, number in _CALL.findall(self._metrics()):
            if verb != "GET" and kind != "Lease":
                found[verb, kind] += int(float(number))
        return found

    def settled_writes(self) -> Counter[tuple[str, str]]:
        """Its writes, once it has made none for a while."""
        before = self.writes()
        while True:
            time.sleep(2.0)
            now = self.writes()
            if now == before:
                return now
            before = now

    def _metrics(self) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=2) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return ""  # It does not listen yet, or is frozen or dead.


@contextmanager
def two_operators(cluster: LocalCluster, **election: object) -> Iterator[tuple[Replica, Replica]]:
    """The leader and the standby, both warm. ``election``: fields of the setting leaderElection."""
    supervisor, own = component_pids(cluster)["supervisor"], component_pids(cluster)["operator"]
    replicas: list[Replica] = []
    # Asleep, it does not start again the operator that it would miss.
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(own, signal.SIGKILL)
        replicas += [Replica(cluster, name, election) for name in ("operator-1", "operator-2")]
        until(lambda: all(replica.is_ready() for replica in replicas), "two warm operators")
        until(lambda: any(replica.leads() for replica in replicas), "a leader")
        leader, standby = sorted(replicas, key=Replica.leads, reverse=True)
        yield leader, standby
    finally:
        for replica in replicas:
            replica.end()
        os.kill(supervisor, signal.SIGCONT)
        # What the supervisor has started and not yet written down, nobody would take down with the cluster.
        until(lambda: component_pids(cluster)["operator"] != own, "the cluster's own operator")


def until(question: Callable[[], bool], what: str) -> None:
    """Ask until the answer is yes; AssertionError if it never is."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not question():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def chain_script(ledger: Path, flags: Path) -> str:
    """A program that notes its start, and ends when the file of its job's name is in ``flags``."""
    return (
        "import os, time\n"
        "job = os.environ['TITAN_JOB_ID']\n"
        f"with open({str(ledger)!r}, 'a') as file:\n"
        "    file.write(f\"{job} {os.environ['TITAN_ATTEMPT']} {time.time()}\\n\")\n"
        f"while not os.path.exists(os.path.join({str(flags)!r}, job)):\n"
        "    time.sleep(0.02)\n"
    )

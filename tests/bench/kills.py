"""The demo under fire: kill -9 of one component of the embedded cluster at a random moment of the demo's pipeline.

    python tests/bench/kills.py [--runs 20] [--components operator store ...] [--seed 1]

After each run: the pipeline must have completed, the side file that the jobs append to must hold exactly the
attempts that the TitanJobs' statuses say, and every value whose write was acknowledged must still be there.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "demo"))

import pipeline
from bench.clusters import component_pids, private_cluster
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient
from titan_sdk.errors import TitanError

COMPONENTS = ("apiserver", "store", "scheduler", "kubelet", "operator", "controllers", "supervisor")
USUAL_SECONDS = 12.0
"""About how long the pipeline takes undisturbed: kills are spread over it."""
LIMIT_SECONDS = 180.0


@dataclass(frozen=True)
class Verdict:
    """What one run showed; ``problem`` is empty when everything held."""

    component: str
    seed: int
    killed_after: float
    seconds: float
    problem: str


class Writer(threading.Thread):
    """Writes values all the time and remembers which of them were acknowledged."""

    def __init__(self, client: TitanClient) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._over = threading.Event()
        self.acknowledged: list[str] = []

    def run(self) -> None:
        number = 0
        while not self._over.wait(0.05):
            key = f"acknowledged-{number}"
            number += 1
            if self._client.store_put(key, key) == "OK":
                self.acknowledged.append(key)

    def stop(self) -> None:
        self._over.set()
        self.join()


def run_once(cluster: LocalCluster, component: str, seed: int) -> Verdict:
    """One demo with one kill."""
    moment = random.Random(f"{component} {seed}").uniform(0.0, USUAL_SECONDS)
    run, client = f"{component}-{seed}", TitanClient()
    ledger = Path(tempfile.mkdtemp(prefix="titan-ledger-")) / "ledger"
    ledger.touch()
    writer = Writer(TitanClient())
    writer.start()
    begun = time.monotonic()
    try:
        dag = pipeline.submit(client, run, str(ledger))
        killer = threading.Timer(moment, lambda: os.kill(component_pids(cluster)[component], signal.SIGKILL))
        killer.start()
        problem = drive(client, dag.name)
        killer.join()
    finally:
        writer.stop()
    problem = problem or compare(client, dag.name, ledger) or find_lost(client, writer.acknowledged)
    return Verdict(component, seed, moment, time.monotonic() - begun, problem)


def drive(client: TitanClient, dag: str) -> str:
    """Approve the gate when it opens and wait for the end."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        try:
            for gate in client.pending_approvals():
                if gate.dag == dag:
                    client.approve(gate.gate_id)
            view = client.get_dag(dag)
        except TitanError as error:
            print(f"  (the client saw: {error})", file=sys.stderr)
            time.sleep(0.3)
            continue
        if view.phase in ("Succeeded", "Failed", "Cancelled"):
            return "" if view.phase == "Succeeded" else f"the DAG is {view.phase}: {view.message}"
        time.sleep(0.2)
    return f"the DAG did not end within {LIMIT_SECONDS:.0f} s"


def compare(client: TitanClient, dag: str, ledger: Path) -> str:
    """The side file against the statuses."""
    started = Counter(ledger.read_text().splitlines())
    said = Counter(
        f"{job.job_id} {attempt}" for job in client.list_jobs(dag=dag) for attempt in range(1, job.attempt + 1)
    )
    return "" if started == said else f"started {sorted(started.items())}, but status says {sorted(said)}"


def find_lost(client: TitanClient, keys: list[str]) -> str:
    """Acknowledged values that are gone."""
    lost = [key for key in keys if client.store_get(key) != key]
    return f"{len(lost)} of {len(keys)} acknowledged values are lost: {lost[:3]}" if lost else ""


def main() -> int:
    """Print a line a run and a table; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="kills of each component (default 20)")
    parser.add_argument("--components", nargs="+", default=list(COMPONENTS), choices=COMPONENTS)
    parser.add_argument("--seed", type=int, default=0, help="first seed (default 0)")
    arguments = parser.parse_args()
    verdicts = []
    for component in arguments.components:
        with private_cluster() as cluster:
            for seed in range(arguments.seed, arguments.seed + arguments.runs):
                verdict = run_once(cluster, component, seed)
                verdicts.append(verdict)
                print(
                    f"{component:10} seed {seed:3}  killed after {verdict.killed_after:5.1f} s  "
                    f"done after {verdict.seconds:5.1f} s  {verdict.problem or 'ok'}",
                    flush=True,
                )
                if component == "supervisor":
                    cluster.up()
    bad = [verdict for verdict in verdicts if verdict.problem]
    print(f"{len(verdicts) - len(bad)} of {len(verdicts)} runs held")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

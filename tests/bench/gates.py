"""Gates under fire on the embedded cluster: races, kills of the operator, deadlines over an outage.

    python tests/bench/gates.py [--races 100] [--kills 20] [--deadlines 10]

Of each gate: exactly one outcome, for good; the decisions that people were told are recorded are, in one place and no
others; the first of them decided; the job behind it ran once, after the approval, or never. 1 if anything did not hold.
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
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import component_pids, private_cluster
from bench.gate_watch import (
    VERDICTS,
    GateWatch,
    find_broken_audit,
    find_changes_of_mind,
    find_missing_lines,
    find_wrong_starts,
    read_starts,
)
from bench.people import Person
from rich.console import Console
from rich.table import Table
from titan_local.clusters import LocalCluster

from titan_api import names
from titan_sdk import TitanJob
from titan_sdk.errors import TitanConflict

BATCH = 20
LIMIT_SECONDS = 180.0
STABLE_SECONDS = 5.5
"""An operator that lived so long is started again without a pause."""
BEHIND = """
import json, os, time
with open({ledger!r}, "a") as file:
    line = {{"job": os.environ["TITAN_JOB_ID"], "attempt": os.environ["TITAN_ATTEMPT"], "time": time.time()}}
    file.write(json.dumps(line) + chr(10))
"""


@dataclass
class Gate:
    """One gate of the bench and what was said at it."""

    job: str
    dag: str
    acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: int = 0
    may_lose_line: bool = False
    """The operator was killed about when it decided: the line of its log may be lost, the object's record not."""

    @property
    def name(self) -> str:
        """Of its TitanApproval."""
        return names.approval_name(names.job_name(self.dag, self.job), 1)


class Bench:
    """A cluster, two people, and all gates so far."""

    def __init__(self, cluster: LocalCluster, ledger: Path) -> None:
        self.cluster = cluster
        self.ledger = ledger
        self.ann, self.bob = Person(cluster, "ann"), Person(cluster, "bob")
        self.author = Person(cluster, "author").client
        self.kube = Person(cluster, "watcher").connections.kube()
        self.watch = GateWatch(self.kube)
        self.watch.start()

    def open(self, kind: str, number: int, timeouts: Iterable[int]) -> list[Gate]:
        """So many gates, all waiting for people."""
        gates, script = [], BEHIND.format(ledger=str(self.ledger))
        for place, seconds in enumerate(timeouts):
            job = f"{kind}-{number + place}"
            gated = TitanJob(job, "gated.py", script_content="", hitl_message="Go on?", max_wait_seconds=seconds)
            behind = TitanJob(f"behind-{job}", "behind.py", script_content=script, parents=[job])
            gates.append(Gate(job, self.author.submit_dag(job, [gated, behind]).name))
        wanted = {gate.name for gate in gates}
        deadline = time.monotonic() + LIMIT_SECONDS
        while not wanted <= {view.name for view in self.author.pending_approvals()}:
            assert time.monotonic() < deadline, "the gates did not open"
            time.sleep(0.1)
        return gates

    def say(self, person: Person, gate: Gate, verdict: str, *, raw: bool) -> None:
        """Through the SDK, or as kubectl would, which asks nobody whether the gate is decided already."""
        try:
            if raw:
                self._append(person, gate, verdict)
            else:
                (person.client.approve if verdict == "Approve" else person.client.reject)(gate.job)
        except TitanConflict:
            gate.refused += 1
        else:
            gate.acknowledged[person.name, verdict] += 1

    def _append(self, person: Person, gate: Gate, verdict: str) -> None:
        kube = person.connections.kube()
        while True:
            found = kube.get(names.PLURAL_APPROVALS, gate.name)
            decisions = [*(found["spec"].get("decisions") or ()), {"user": person.name, "verdict": verdict}]
            version = {"resourceVersion": found["metadata"]["resourceVersion"]}
            try:
                kube.patch(names.PLURAL_APPROVALS, gate.name, {"metadata": version, "spec": {"decisions": decisions}})
            except TitanConflict:
                continue
            return

    def finish(self, gates: list[Gate]) -> None:
        """Until every DAG has ended."""
        for gate in gates:
            self.author.wait(gate.dag, timeout=LIMIT_SECONDS)

    def pid(self, component: str) -> int:
        """Of a component that may just be starting again."""
        return component_pids(self.cluster)[component]


def race(bench: Bench, races: int) -> list[Gate]:
    """Approve against reject at the same moment, half of them past the SDK's own check."""
    done: list[Gate] = []
    while len(done) < races:
        gates = bench.open("race", len(done), [600] * min(BATCH, races - len(done)))
        for number, gate in enumerate(gates):
            clash(bench, gate, raw=number % 2 == 1, approves_first=number % 4 < 2)
        bench.finish(gates)
        done += gates
    return done


def clash(bench: Bench, gate: Gate, *, raw: bool, approves_first: bool) -> None:
    """Two people contradict one another at the same moment; who starts a little earlier wins more often."""
    barrier = threading.Barrier(2)

    def speak(person: Person, verdict: str) -> None:
        barrier.wait()
        bench.say(person, gate, verdict, raw=raw)

    pairs = [(bench.ann, "Approve"), (bench.bob, "Reject")]
    # The last one at the barrier goes on first.
    voices = [threading.Thread(target=speak, args=pair) for pair in (reversed(pairs) if approves_first else pairs)]
    for voice in voices:
        voice.start()
    for voice in voices:
        voice.join()


def kill(bench: Bench, kills: int) -> list[Gate]:
    """kill -9 of the operator after a decision is recorded: half before it can see it, half while it acts on it."""
    gates = bench.open("kill", 0, [600] * kills)
    chance = random.Random(kills)
    for number, gate in enumerate(gates):
        pid, gate.may_lose_line = bench.pid("operator"), True
        is_frozen = number % 2 == 0
        if is_frozen:
            os.kill(pid, signal.SIGSTOP)
        bench.say(bench.ann, gate, "Approve" if number % 4 < 2 else "Reject", raw=False)
        if not is_frozen:
            time.sleep(chance.uniform(0.0, 0.15))
        os.kill(pid, signal.SIGKILL)
        begun = time.monotonic()
        bench.finish([gate])
        time.sleep(max(0.0, STABLE_SECONDS - (time.monotonic() - begun)))
    return gates


def outlast(bench: Bench, deadlines: int) -> list[Gate]:
    """No operator while the deadlines pass; half of the gates were approved in time, though nobody was there to see."""
    gates = bench.open("deadline", 0, [20 if number % 4 < 2 else 45 for number in range(deadlines)])
    supervisor, operator = bench.pid("supervisor"), bench.pid("operator")
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(operator, signal.SIGKILL)
        for gate in gates[::2]:
            bench.say(bench.ann, gate, "Approve", raw=False)
        time.sleep(22)
    finally:
        os.kill(supervisor, signal.SIGCONT)
    bench.finish(gates)
    for gate in gates:
        bench.say(bench.bob, gate, "Reject", raw=False)
        bench.say(bench.bob, gate, "Approve", raw=False)
    return gates


def judge(bench: Bench, gates: list[Gate]) -> list[str]:
    """What did not hold."""
    starts, log = read_starts(bench.ledger), (bench.cluster.state_dir / "logs" / "operator.log").read_text()
    problems = []
    for gate in gates:
        raw = bench.kube.get(names.PLURAL_APPROVALS, gate.name)
        decisions = raw["spec"].get("decisions") or []
        verdict = VERDICTS[decisions[0]["verdict"]] if decisions else "TimedOut"
        found = (
            find_changes_of_mind(bench.watch.states.get(gate.name, [])),
            find_broken_audit(raw, gate.acknowledged, verdict),
            find_wrong_starts(raw, starts.get(f"behind-{gate.job}", [])),
            find_missing_lines(raw, log, may_be_lost=gate.may_lose_line),
        )
        problems += [f"{gate.name}: {problem}" for problem in found if problem]
    return problems


def main() -> int:
    """Print a table; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--races", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--deadlines", type=int, default=10)
    arguments = parser.parse_args()
    table = Table(title="Gates under fire")
    for column in ("what", "gates", "approved", "rejected", "timed out", "refused voices", "seconds", "violations"):
        table.add_column(column, justify="left" if column == "what" else "right")
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as home, private_cluster() as cluster:
        ledger = Path(home) / "ledger"
        ledger.touch()
        bench = Bench(cluster, ledger)
        parts: dict[str, Callable[[], list[Gate]]] = {
            "approve against reject": lambda: race(bench, arguments.races),
            "operator killed between decision and release": lambda: kill(bench, arguments.kills),
            "deadline passes without an operator": lambda: outlast(bench, arguments.deadlines),
        }
        for what, run in parts.items():
            begun = time.monotonic()
            gates = run()
            time.sleep(1.0)  # Whatever a violation would still bring about.
            found = judge(bench, gates)
            phases = Counter(bench.kube.get(names.PLURAL_APPROVALS, gate.name)["status"]["phase"] for gate in gates)
            numbers = [len(gates), phases["Approved"], phases["Rejected"], phases["TimedOut"]]
            numbers += [sum(gate.refused for gate in gates), round(time.monotonic() - begun), len(found)]
            table.add_row(what, *map(str, numbers))
            problems += found
        bench.watch.stop()
    Console(width=140).print(table)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

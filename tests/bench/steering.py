"""How soon a cancel is done, how soon work goes on after an outage of the API server, how soon a standby takes over.

    python tests/bench/steering.py [--runs 5]

Cancelling is measured with programs that make it hard: one ignores SIGTERM, one leaves children behind that ignore it
too. An outage is a kill -9 of the API server, which stays away for some seconds; the first correct action is the
creation of the pod of a job that became ready meanwhile. A takeover is measured with the default times of the Lease,
from the signal to the start of the job that the dead or frozen leader would have started.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import component_pids, private_cluster
from bench.replicas import chain_script, two_operators, until
from rich.console import Console
from rich.table import Table
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob
from titan_sdk.errors import TitanError

GRACE_SECONDS = 30.0
"""terminationGracePeriodSeconds of a job's pod."""
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range({children}):
    if os.fork() == 0:
        break
with open({ledger!r}, "a") as file:
    file.write(f"{{os.getpid()}}\\n")
while True:
    time.sleep(1)
"""


def cancel_seconds(client: TitanClient, home: Path, number: int) -> list[float]:
    """From the cancel to the end of the last process of each job: stubborn alone, and with children."""
    jobs, ledgers = [], {}
    for children in (0, 3):
        ledger = home / f"pids-{number}-{children}"
        ledger.touch()
        ledgers[ledger] = children + 1
        script = STUBBORN.format(children=children, ledger=str(ledger))
        jobs.append(TitanJob(f"stubborn-{number}-{children}", "stubborn.py", script_content=script))
    dag = client.submit_dag(f"stubborn-{number}", jobs)
    until(lambda: all(len(read_pids(ledger)) == count for ledger, count in ledgers.items()), "the processes")
    begun = time.monotonic()
    client.cancel(dag)
    seconds = []
    for ledger in ledgers:
        until(lambda ledger=ledger: not any(is_alive(pid) for pid in read_pids(ledger)), "the end of all processes")
        seconds.append(time.monotonic() - begun)
    assert client.wait(dag, timeout=60).phase == "Cancelled"
    return seconds


def read_pids(ledger: Path) -> list[int]:
    """Of the processes that noted themselves."""
    return [int(line) for line in ledger.read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether it still runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def outage_seconds(client: TitanClient, cluster: LocalCluster, home: Path, away: float) -> tuple[float, float]:
    """From the API server's first answer to the creation of a pod: of the job behind the one that ended in the outage,
    and of a DAG that is submitted as soon as it can be."""
    name = f"outage-{away:.0f}-{time.monotonic_ns()}"
    ledger, flags = home / f"{name}-ledger", home / f"{name}-flags"
    flags.mkdir()
    script = chain_script(ledger, flags)
    jobs = [
        TitanJob(f"{name}-a", "a.py", script_content=script),
        TitanJob(f"{name}-b", "b.py", script_content="", parents=[f"{name}-a"]),
    ]
    dag = client.submit_dag("outage", jobs)
    until(lambda: client.get_job_status(f"{name}-a") == "RUNNING", "the running job")
    pids = component_pids(cluster)
    os.kill(pids["supervisor"], signal.SIGSTOP)
    os.kill(pids["apiserver"], signal.SIGKILL)
    time.sleep(away / 2)
    (flags / f"{name}-a").touch()
    time.sleep(away / 2)
    os.kill(pids["supervisor"], signal.SIGCONT)
    impatient = TitanClient()
    until(lambda: answers(impatient), "the API server")
    back = time.time()
    new = impatient.submit_dag("new", [TitanJob(f"{name}-new", "new.py", script_content="")])
    client.wait(dag, timeout=120)
    client.wait(new, timeout=120)
    return started(client, f"{name}-b") - back, started(client, f"{name}-new") - back


def answers(client: TitanClient) -> bool:
    """Whether the API server does."""
    try:
        client.list_dags(limit=1)
    except TitanError:
        return False
    return True


def started(client: TitanClient, job: str) -> float:
    """When the job's process was started: its pod was created before."""
    moment = client.get_job(job).started
    assert moment is not None, job
    return moment.timestamp()


def takeover_seconds(client: TitanClient, cluster: LocalCluster, home: Path, number: signal.Signals) -> float:
    """From the signal to the leader until the job runs that became ready right after it."""
    name = f"takeover-{number.name.lower()}-{time.monotonic_ns()}"
    ledger, flags = home / f"{name}-ledger", home / f"{name}-flags"
    flags.mkdir()
    script = chain_script(ledger, flags)
    with two_operators(cluster) as (leader, _):
        first, second = f"{name}-a", f"{name}-b"
        jobs = [
            TitanJob(first, "a.py", script_content=script),
            TitanJob(second, "b.py", script_content=script, parents=[first]),
        ]
        dag = client.submit_dag("takeover", jobs)
        until(lambda: client.get_job_status(first) == "RUNNING", "the running job")
        leader.signal(number)
        begun = time.time()
        for job in (first, second):
            (flags / job).touch()
        client.wait(dag, timeout=120)
    return float(ledger.read_text().splitlines()[-1].rpartition(" ")[2]) - begun


def main() -> int:
    """Print a table; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    table = Table(title=f"Steering, {runs} runs each")
    for column in ("what", "p50", "max", "goal"):
        table.add_column(column, justify="left" if column == "what" else "right")
    missed = False

    def add(what: str, times: list[float], goal: float) -> None:
        nonlocal missed
        missed |= max(times) > goal
        table.add_row(what, f"{median(times):.1f} s", f"{max(times):.1f} s", f"<= {goal:.0f} s")

    chance = random.Random(runs)
    with tempfile.TemporaryDirectory() as place, private_cluster() as cluster:
        client, home = TitanClient(), Path(place)
        outages = [outage_seconds(client, cluster, home, chance.uniform(10, 30)) for _ in range(runs)]
        add("API server back -> waiting job runs", [waiting for waiting, _ in outages], 5)
        add("API server back -> new job runs", [new for _, new in outages], 5)
        cancels = [cancel_seconds(client, home, number) for number in range(max(1, runs // 2))]
        add("cancel -> all processes of a program that ignores SIGTERM are gone", [c[0] for c in cancels], 32)
        add("the same with three children that ignore it, too", [c[1] for c in cancels], 32)
        signals: dict[str, Callable[[], float]] = {
            "leader killed -> next job runs": lambda: takeover_seconds(client, cluster, home, signal.SIGKILL),
            "leader frozen -> next job runs": lambda: takeover_seconds(client, cluster, home, signal.SIGSTOP),
        }
        for what, measure in signals.items():
            add(what, [measure() for _ in range(max(1, runs // 2))], 20)
    Console(width=120).print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

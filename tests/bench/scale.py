"""Many jobs, and people who wait: what the embedded cluster does with two hundred of them.

    python tests/bench/scale.py [--jobs 200] [--finished 2000]

Bare runner commands, for the ratio, are the same interpreter and the same runner against a store in memory, as many
at once as there are CPUs, which is what the embedded kubelet starts at once.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import private_cluster
from builders.runner.log_store import LogStore
from builders.runner.runner_process import RunnerProcess
from rich.console import Console
from rich.table import Table

from titan_sdk import TitanClient, TitanJob

DECISIONS = 10
GATE_JOB = "print('ready to be approved')"
STAMPED = "import time\nfor _ in range({lines}):\n    print(repr(time.time()), flush=True)\n    time.sleep(0.5)\n"
READER = """
import resource
from titan_sdk import TitanClient
client = TitanClient()
client.get_job_status("big")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = sum(len(line) + 1 for line in client.stream_logs("big"))
print(size, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
BIG_LOG = "line = 'x' * 99\nfor _ in range(1_000_000):\n    print(line)\n"


def fan_out_seconds(client: TitanClient, jobs: int) -> float:
    """From the submission of so many jobs that do nothing to the end of their DAG."""
    fan = [TitanJob(f"fan-{number:03}", f"fan-{number:03}.py", script_content="pass") for number in range(jobs)]
    begun = time.perf_counter()
    view = client.wait(client.submit_dag("fan-out", fan), timeout=300)
    assert view.phase == "Succeeded", view.message
    return time.perf_counter() - begun


def bare_seconds(jobs: int) -> float:
    """The same runner commands without a cluster, each with a store of its own."""
    source = {"inline": {"fileName": "noop.py", "content": "pass"}}

    def run(number: int) -> None:
        directory, store = Path(home) / str(number), LogStore()
        directory.mkdir()
        try:
            ending = RunnerProcess(directory, store, source).finish()
        finally:
            store.close()
        assert ending.code == 0, ending.stderr

    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(os.cpu_count()) as pool:
        begun = time.perf_counter()
        list(pool.map(run, range(jobs)))
        return time.perf_counter() - begun


def decision_to_pod_seconds(client: TitanClient) -> float:
    """Median time from the approval, as its caller sees it begin, to the start of the job behind the gate."""
    times = []
    for number in range(DECISIONS):
        gated = TitanJob(f"gated-{number}", "gated.py", script_content=GATE_JOB, hitl_message="Go on?")
        behind = TitanJob(f"behind-{number}", "behind.py", script_content="pass", parents=[gated.job_id])
        dag = client.submit_dag(f"decision-{number}", [gated, behind])
        until(lambda dag=dag: any(gate.dag == dag.name for gate in client.pending_approvals()))
        begun = time.time()
        client.approve(gated.job_id)
        client.wait(dag, timeout=60)
        started = next(job.started for job in client.list_jobs(dag=dag.name) if job.job_id == behind.job_id)
        assert started is not None
        times.append(started.timestamp() - begun)
    return median(times)


def status_seconds(client: TitanClient, finished: int) -> float:
    """Median of get_job_status while so many finished jobs lie in the namespace."""
    made = 0
    while made < finished:
        fan = [TitanJob(f"old-{made + n}", "old.py", script_content="pass") for n in range(min(500, finished - made))]
        dag = client.submit_dag("old", fan)
        client.cancel(dag)
        client.wait(dag, timeout=300)
        made += len(fan)
    times = []
    for number in range(100):
        begun = time.perf_counter()
        client.get_job_status(f"old-{number * 7 % finished}")
        times.append(time.perf_counter() - begun)
    return median(times)


def line_delay_seconds(client: TitanClient, jobs: int) -> float:
    """95th percentile of printed line to following client, while so many jobs print two lines a second."""
    lines = 10
    fan = [TitanJob(f"chat-{n}", "chat.py", script_content=STAMPED.format(lines=lines)) for n in range(jobs)]
    dag = client.submit_dag("chat", fan)
    delays: list[float] = []

    def follow(number: int) -> None:
        for line in TitanClient().stream_logs(f"chat-{number}", dag=dag.name):
            delays.append(time.time() - float(line))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(follow, range(8)))
    client.wait(dag, timeout=300)
    return quantiles(delays, n=20)[-1]


def log_memory_mebibytes(client: TitanClient) -> float:
    """Growth of a new process while it streams a log of 100 MB."""
    dag = client.submit_dag("big-log", [TitanJob("big", "big.py", script_content=BIG_LOG)])
    client.wait(dag, timeout=300)
    answer = subprocess.run([sys.executable, "-c", READER], check=True, capture_output=True, text=True).stdout
    size, before, after = map(int, answer.split())
    assert size == 100_000_000, size
    return (after - before) / 1024


def until(question: Callable[[], bool]) -> None:
    """Ask until the answer is yes, for a minute at most."""
    deadline = time.monotonic() + 60
    while not question():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come true within a minute")
        time.sleep(0.02)


def main() -> None:
    """Measure one thing after another, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--finished", type=int, default=2_000)
    arguments = parser.parse_args()
    table = Table(title=f"{arguments.jobs} jobs, {os.cpu_count()} CPUs")
    for column in ("what", "measured", "goal"):
        table.add_column(column)
    with private_cluster():
        client = TitanClient()
        ours, bare = fan_out_seconds(client, arguments.jobs), bare_seconds(arguments.jobs)
        table.add_row(
            "fan-out of no-op jobs / bare runners", f"{ours:.1f} s / {bare:.1f} s = {ours / bare:.2f}", "<= 2.5"
        )
        table.add_row(
            "decision -> job behind it starts, p50", f"{decision_to_pod_seconds(client) * 1000:.0f} ms", "<= 300"
        )
        table.add_row("printed line -> follower, p95", f"{line_delay_seconds(client, arguments.jobs):.2f} s", "<= 1")
        table.add_row("memory for a log of 100 MB", f"{log_memory_mebibytes(client):.0f} MiB", "<= 32")
        status = status_seconds(client, arguments.finished) * 1000
        table.add_row(f"get_job_status, {arguments.finished:,} finished, p50", f"{status:.1f} ms", "<= 20")
    Console().print(table)


if __name__ == "__main__":
    main()

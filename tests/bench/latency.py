"""How quickly work starts: submission to the first log line on the client, and the hops of a chain."""

import itertools
import time
from pathlib import Path
from statistics import median

from bench.clusters import run_directories
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob

HOPS = 20
SUBMISSIONS = 10
STAMP = "import time\nprint(repr(time.time()), flush=True)\n"


def first_line_seconds(client: TitanClient) -> float:
    """Median time from the call of submit_dag to the first line of the job's log at the caller."""
    times = []
    for index in range(SUBMISSIONS):
        begun = time.perf_counter()
        dag = client.submit_dag(f"first-line-{index}", [TitanJob("only", "only.py", script_content=STAMP)])
        next(client.stream_logs("only", dag=dag.name))
        times.append(time.perf_counter() - begun)
        client.wait(dag, timeout=60)
    return median(times)


def hop_seconds(client: TitanClient, cluster: LocalCluster) -> tuple[float, float]:
    """Medians over a chain: the parent's runner exit to the child's runner start, and to the child's own first line.

    The runner's exit is the time at which its shim wrote the exit record, its start the time that the kernel gives
    for its process, as the runner writes it into its outcome.
    """
    ids = [f"hop-{index:02}" for index in range(HOPS)]
    parents = [None, *ids]
    jobs = [
        TitanJob(job_id, f"{job_id}.py", script_content=STAMP, parents=[parent] if parent else None)
        for job_id, parent in zip(ids, parents, strict=False)
    ]
    dag = client.submit_dag("chain", jobs)
    client.wait(dag, timeout=120)
    directories = {name.removesuffix("-1"): path for name, path in run_directories(cluster).items()}
    views = {job.job_id: job for job in client.list_jobs(dag=dag.name)}
    exits = {job_id: (directories[views[job_id].name] / "exit.json").stat().st_mtime for job_id in ids}
    starts = {job_id: _runner_start(directories[views[job_id].name]) for job_id in ids}
    lines = {job_id: float(client.fetch_logs(job_id).split()[0]) for job_id in ids}
    pairs = list(itertools.pairwise(ids))
    return (
        median(starts[child] - exits[parent] for parent, child in pairs),
        median(lines[child] - exits[parent] for parent, child in pairs),
    )


def _runner_start(directory: Path) -> float:
    """When the runner's process began: the shim writes the file ``child`` right after it started it."""
    return (directory / "child").stat().st_mtime


def runner_cost_seconds(client: TitanClient, cluster: LocalCluster) -> float:
    """Median of what the runner adds to a program: its process from start to end, less the program's own time.

    The program's own time is the bare command's, measured in the same minute on the same machine.
    """
    import subprocess
    import sys

    bare = []
    for _ in range(SUBMISSIONS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-u", "-c", STAMP], check=True, capture_output=True)
        bare.append(time.perf_counter() - begun)
    ids = [f"cost-{index}" for index in range(SUBMISSIONS)]
    jobs = [
        TitanJob(job_id, f"{job_id}.py", script_content=STAMP, parents=[parent] if parent else None)
        for job_id, parent in zip(ids, [None, *ids], strict=False)
    ]
    dag = client.submit_dag("cost", jobs)
    client.wait(dag, timeout=120)
    directories = run_directories(cluster)
    whole = []
    for job in client.list_jobs(dag=dag.name):
        directory = directories[f"{job.name}-1"]
        whole.append((directory / "exit.json").stat().st_mtime - _runner_start(directory))
    return median(whole) - median(bare)

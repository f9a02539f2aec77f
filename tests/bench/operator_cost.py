"""What a job costs the operator: CPU and API writes at a fan-out of no-op jobs on the embedded cluster.

python tests/bench/operator_cost.py [--jobs 200]

"""

import argparse
import os
import re
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import component_pids, private_cluster
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob

LIMIT_SECONDS = 300.0
QUIET_SECONDS = 3.0
_CALL = re.compile(r'titan_api_calls_total\{code="(\d+)",kind="(\w+)",verb="(\w+)"\} ([\d.e+]+)')


@dataclass(frozen=True)
class Cost:
    """Of one fan-out, in sum."""

    jobs: int
    cpu_seconds: float
    seconds: float
    calls: Counter[tuple[str, str, str]]
    """By verb, kind and HTTP code."""

    @property
    def writes_a_job(self) -> float:
        """Calls that change something, the refused ones included."""
        return sum(number for (verb, _, _), number in self.calls.items() if verb != "GET") / self.jobs

    @property
    def cpu_milliseconds_a_job(self) -> float:
        """The operator's own."""
        return self.cpu_seconds * 1000 / self.jobs


def measure(client: TitanClient, cluster: LocalCluster, jobs: int) -> Cost:
    """One root and a fan-out of jobs that do nothing."""
    warm = client.submit_dag("warm-up", [TitanJob("warm", "warm.py", script_content="")])
    client.wait(warm, timeout=60)
    time.sleep(QUIET_SECONDS)
    pid = component_pids(cluster)["operator"]
    cpu, calls, begun = cpu_seconds(pid), count_calls(cluster), time.perf_counter()
    fan = [TitanJob(f"fan-{number:03}", f"fan-{number:03}.py", script_content="") for number in range(jobs)]
    dag = client.submit_dag("fan-out", fan)
    view = client.wait(dag, timeout=LIMIT_SECONDS)
    assert view.phase == "Succeeded", view.message
    seconds = time.perf_counter() - begun
    time.sleep(QUIET_SECONDS)
    return Cost(jobs, cpu_seconds(pid) - cpu, seconds, count_calls(cluster) - calls)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def count_calls(cluster: LocalCluster) -> Counter[tuple[str, str, str]]:
    """The operator's calls to the API server so far."""
    port = int(re.findall(r'"probePort": (\d+)', (cluster.state_dir / "operator.json").read_text())[0])
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return Counter({(verb, kind, code): int(float(number)) for code, kind, verb, number in _CALL.findall(text)})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a job costs the operator.")
    parser.add_argument("--jobs", type=int, default=200)
    arguments = parser.parse_args()
    with private_cluster() as cluster:
        cost = measure(TitanClient(), cluster, arguments.jobs)
    print(f"{cost.jobs} no-op jobs in {cost.seconds:.1f} s")
    print(f"operator CPU: {cost.cpu_milliseconds_a_job:.2f} ms a job (goal <= 7)")
    print(f"API writes: {cost.writes_a_job:.2f} a job (goal <= 3)")
    for (verb, kind, code), number in sorted(cost.calls.items(), key=lambda item: -item[1]):
        print(f"  {number:5} {verb:6} {kind:14} {code}")


if __name__ == "__main__":
    main()

"""What the README promises, measured: ``make bench`` prints this table.

Absolute times differ with the machine, so the last column relates each to what an interpreter's own start costs here.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import private_cluster
from bench.latency import first_line_seconds, hop_seconds, runner_cost_seconds
from bench.sizes import file_lines, median_lines
from bench.startup import import_seconds, modules_loaded, up_seconds

from titan_sdk import TitanClient


def interpreter_seconds() -> float:
    """Median time of a Python process that does nothing: the unit of the last column."""
    times = []
    for _ in range(10):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        times.append(time.perf_counter() - begun)
    return median(times)


def main() -> None:
    """Measure everything, one thing after another."""
    unit = interpreter_seconds()
    table = Table(title=f"Titan on this machine (an empty Python process: {unit * 1000:.0f} ms)")
    table.add_column("what")
    for column in ("measured", "goal", "x empty process"):
        table.add_column(column, justify="right")

    def add(what: str, seconds: float, goal: float) -> None:
        table.add_row(what, f"{seconds * 1000:,.0f} ms", f"<= {goal * 1000:,.0f} ms", f"{seconds / unit:.1f}")

    add("import titan_sdk", import_seconds(), 0.060)
    add("titan local up, until ready", up_seconds(), 3.0)
    with private_cluster() as cluster:
        client = TitanClient()
        add("one-job DAG: submit to first log line", first_line_seconds(client), 1.0)
        to_start, to_line = hop_seconds(client, cluster)
        add("chain hop: runner exit to next runner's start", to_start, 0.120)
        add("chain hop: runner exit to next program's first line", to_line, 0.250)
        add("the runner's own cost a job", runner_cost_seconds(client, cluster), 0.200)
    lines = file_lines()
    table.add_row("median hand-written Python file", f"{median_lines():.0f} lines", "<= 150 lines", "")
    table.add_row("largest of them", f"{max(lines)} lines", "<= 300 lines", "")
    Console().print(table)
    loaded = modules_loaded()
    Console().print(f"import titan_sdk loads: {', '.join(loaded) if loaded else 'none of the heavy packages'}")


if __name__ == "__main__":
    main()

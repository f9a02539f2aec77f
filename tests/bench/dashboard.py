"""What the dashboard promises, measured in a headless Chromium against a store on the embedded cluster.

python tests/bench/dashboard.py [--jobs 5000] [--dags 20] [--viewers 20] [--samples 60]
"""

import argparse
import sys
from pathlib import Path
from statistics import median, quantiles

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.clusters import private_cluster
from bench.dashboard_changes import job_state_delays, new_dag_delays
from bench.dashboard_graph import open_seconds, pan
from bench.dashboard_paint import paints
from bench.dashboard_viewers import idle_share
from builders.dashboard.browsers import running_chromium
from builders.dashboard.dashboards import Dashboard, eventually
from builders.dashboard.graphs import Statuses, big_shape, seed_suspended, start_sleepers, woven_shape
from builders.dashboard.people import invite
from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table
from titan_local.clusters import LocalCluster

from titan_sdk import TitanClient, TitanJob
from titan_sdk.connections import Connections

VISITS = 7
WIDTH = 8
OPENED = "fold:fanout:fan-0"


def main() -> int:
    """Print a table; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option, default in {"jobs": 5000, "dags": 20, "viewers": 20, "samples": 60}.items():
        parser.add_argument(f"--{option}", type=int, default=default)
    arguments = parser.parse_args()
    with private_cluster() as cluster, running_chromium() as browser:
        rows = measure(cluster, browser, arguments)
    table = Table(title="The dashboard in a headless Chromium, loopback")
    for column in ("what", "measured", "goal"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, value, goal, _ in rows:
        table.add_row(what, value, goal)
    Console(width=120).print(table)
    return 0 if all(is_kept for *_, is_kept in rows) else 1


def measure(cluster: LocalCluster, browser: Browser, sizes: argparse.Namespace) -> list[tuple[str, str, str, bool]]:
    """One thing after another: what, value, goal, and whether it is reached."""
    client = TitanClient()
    client.wait(client.submit_dag("warm-up", [TitanJob("warm", script_content="")]), timeout=60)
    dashboard = Dashboard(cluster, cluster.env()["TITAN_STORE_URL"], browser, invite(cluster))
    kubeconfig = cluster.state_dir / "kubeconfig"
    big = seed_suspended(kubeconfig, "big", big_shape(sizes.jobs), succeeded=sizes.jobs // 3)
    small = seed_suspended(kubeconfig, "small", woven_shape(-(-sizes.samples // WIDTH), WIDTH, 0)[: sizes.samples])
    busy = start_sleepers(client, sizes.dags)
    eventually(lambda: all(client.get_dag(name).phase == "Running" for name in busy), "DAGs that run")
    rows: list[tuple[str, str, str, bool]] = []

    def seconds(what: str, value: float, goal: float) -> None:
        rows.append((what, f"{value * 1000:,.0f} ms", f"<= {goal * 1000:,.0f} ms", value <= goal))

    paint = paints(dashboard, "busy-00", VISITS)
    seconds("first paint of the overview", paint.first, 1.0)
    seconds("heading and data of the overview", paint.useful, 1.0)
    kib = paint.script_bytes / 1024
    rows.append(("JavaScript until then, gzip", f"{kib:.0f} KiB", "<= 350 KiB", kib <= 350))
    seconds(f"DAG of {sizes.jobs:,} jobs opens", median(open_seconds(dashboard, big) for _ in range(VISITS)), 2.0)
    woven = seed_suspended(kubeconfig, "woven", woven_shape())
    for what, moved in {
        "panning it": pan(dashboard, big),
        "panning a graph that does not fold": pan(dashboard, woven),
        "panning it with an opened fan-out": pan(dashboard, woven, OPENED),
    }.items():
        rows.append(
            (
                f"{what} ({moved.nodes} nodes; longest gap {moved.longest_seconds * 1000:.0f} ms)",
                f"{moved.frames_per_second:.0f} frames/s",
                ">= 30 frames/s",
                moved.frames_per_second >= 30,
            )
        )
    statuses = Statuses(kubeconfig)
    jobs = {job.job_id: job.name for job in client.list_jobs(dag=small)}
    for what, found in {
        "job's state written -> on the graph": job_state_delays(dashboard, statuses, small, jobs),
        "DAG created -> in the list": new_dag_delays(dashboard, Connections().kube(), sizes.samples),
    }.items():
        seconds(f"{what}, p50, {sizes.dags} DAGs running", median(found), 0.5)
        seconds(f"{what}, p95", quantiles(found, n=20)[-1], 0.5)
    statuses.close()
    alone, watched = idle_share(dashboard, sizes.viewers, 30.0)
    rows.append((f"store's CPU, {sizes.viewers} idle viewers", f"{watched:.2%} of a core", "<= 2 %", watched <= 0.02))
    rows.append(("store's CPU, nobody looks", f"{alone:.2%} of a core", "", True))
    return rows


if __name__ == "__main__":
    sys.exit(main())

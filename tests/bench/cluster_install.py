"""What installing Titan in a real cluster takes: seconds until it is ready, idle memory, and the images' sizes.

    python tests/bench/cluster_install.py [--kubeconfig FILE] [--reinstall]

The cluster must have the images and no Titan; with --reinstall the one that is there is uninstalled first.
Memory is the working set that the kubelet reports, which is what a limit is compared with.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders.kubernetes.real_cluster import SYSTEM_NAMESPACE, RealCluster, find_kubeconfig

IN_SYSTEM = ("--namespace", SYSTEM_NAMESPACE)
SETTLE_SECONDS = 45
"""The kubelet measures every ten seconds or so, and what a start needs is given back by then."""
GOAL_SECONDS = 60
GOAL_MIB = {"operator": 150, "store": 120}
IMAGES = ("titan-operator", "titan-store", "titan-runner")


def main() -> None:
    """Install, wait, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kubeconfig", type=Path, default=find_kubeconfig())
    parser.add_argument("--reinstall", action="store_true", help="uninstall the Titan that is there")
    options = parser.parse_args()
    real = RealCluster(options.kubeconfig)
    if real.helm("status", "titan", *IN_SYSTEM).returncode == 0:
        if not options.reinstall:
            raise SystemExit("Titan is installed in this cluster; --reinstall uninstalls it first")
        helm(real, "uninstall", "titan", *IN_SYSTEM, "--wait")
    seconds = install_seconds(real)
    table = Table(title="Titan in a cluster")
    table.add_column("what")
    for column in ("measured", "goal"):
        table.add_column(column, justify="right")
    table.add_row("helm install, until ready", f"{seconds:.1f} s", f"<= {GOAL_SECONDS} s")
    time.sleep(SETTLE_SECONDS)
    for pod, component, mib in idle_memory(real):
        table.add_row(f"{pod}, idle", f"{mib:.0f} MiB", f"<= {GOAL_MIB[component]} MiB")
    for name, mib in image_sizes(real):
        table.add_row(f"image {name}", f"{mib:.0f} MiB", "")
    Console().print(table)


def helm(real: RealCluster, *arguments: str) -> None:
    """Ends with helm's words if it does not succeed."""
    ended = real.helm(*arguments)
    if ended.returncode:
        raise SystemExit(ended.stderr)


def install_seconds(real: RealCluster) -> float:
    """From the command to both workloads ready."""
    begun = time.perf_counter()
    helm(real, "install", "titan", "charts/titan", *IN_SYSTEM, "--create-namespace", "--wait")
    return time.perf_counter() - begun


def idle_memory(real: RealCluster) -> Iterator[tuple[str, str, float]]:
    """Pod, component and MiB of each container of Titan's own."""
    pods = real.get("pods", "-n", SYSTEM_NAMESPACE)["items"]
    for node in sorted({pod["spec"]["nodeName"] for pod in pods}):
        summary = json.loads(real.do("get", "--raw", f"/api/v1/nodes/{node}/proxy/stats/summary"))
        for pod in summary["pods"]:
            for container in pod["containers"]:
                if pod["podRef"]["namespace"] == SYSTEM_NAMESPACE and container["name"] in GOAL_MIB:
                    used = container["memory"]["workingSetBytes"] / 2**20
                    yield pod["podRef"]["name"], container["name"], used


def image_sizes(real: RealCluster) -> Iterator[tuple[str, float]]:
    """Name and MiB of Titan's images on a node, layers that they share counted in each."""
    seen: set[str] = set()
    for node in real.get("nodes")["items"]:
        for image in node["status"].get("images") or []:
            for tag in image.get("names") or []:
                name = tag.rpartition("/")[2]
                if name.partition(":")[0] in IMAGES and "@" not in name and name not in seen:
                    seen.add(name)
                    yield name, image["sizeBytes"] / 2**20


if __name__ == "__main__":
    main()

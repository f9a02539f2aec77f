"""`python -m tools.cluster up|down|kind-up|kind-down`."""

import argparse
import shutil
import subprocess
import sys

from tools.binaries.builds import BuildError, build
from tools.binaries.catalogue import NODE, PROGRAMS
from tools.cluster.bringup import Stopwatch, bring_up, is_up, refresh
from tools.cluster.kind import kind_down, kind_up
from tools.cluster.layouts import Layout
from tools.cluster.prerequisites import ensure_prerequisites
from tools.cluster.programs import ClusterError
from tools.cluster.teardown import take_down


def main() -> int:
    """The command line; 1 with a sentence if something is in the way."""
    arguments = _parse()
    layout = Layout(arguments.slot)
    actions = {"up": _up, "down": _down, "kind-up": _kind_up, "kind-down": _kind_down}
    try:
        actions[arguments.action](layout, arguments.fake_nodes)
    except (ClusterError, BuildError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))}: {error.stderr or error}", file=sys.stderr)
        return 1
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=__doc__)
    parser.add_argument("action", choices=["up", "down", "kind-up", "kind-down"])
    parser.add_argument(
        "--fake-nodes", type=int, default=0, metavar="N", help="nodes that kwok plays, beside the real one"
    )
    parser.add_argument("--slot", type=int, default=0, metavar="N", help="which of several clusters on this machine")
    return parser.parse_args()


def _up(layout: Layout, fake_nodes: int) -> None:
    ensure_prerequisites()
    build([*NODE, *([PROGRAMS["kwok"]] if fake_nodes else [])], layout.bin)
    watch = Stopwatch()
    if is_up(layout):
        refresh(layout, fake_nodes, watch.say)
        print(f"The cluster is up already. KUBECONFIG={layout.admin_kubeconfig}")
        return
    if take_down(layout):
        watch.say("removed what was left of an earlier cluster")
    bring_up(layout, fake_nodes, watch.say)
    watch.say(f"up. KUBECONFIG={layout.admin_kubeconfig}")


def _down(layout: Layout, _: int) -> None:
    print("The cluster is down." if take_down(layout) else "There is no cluster.")


def _kind_up(layout: Layout, fake_nodes: int) -> None:
    missing = [name for name in ("kubectl", "helm") if shutil.which(name) is None]
    build([PROGRAMS[name] for name in missing] + ([PROGRAMS["kwok"]] if fake_nodes else []), layout.bin)
    created = kind_up(layout, fake_nodes)
    print(f"{'Made' if created else 'Refreshed'} the kind cluster. KUBECONFIG={layout.admin_kubeconfig}")


def _kind_down(layout: Layout, _: int) -> None:
    print("The kind cluster is deleted." if kind_down(layout) else "There is no kind cluster.")


if __name__ == "__main__":
    sys.exit(main())

"""`python3 -m tools.dashboard [--check]`: build the page, unless it is current; with --check also test its sources."""

import sys
from pathlib import Path

from tools.binaries.builds import CACHE
from tools.dashboard import nodes
from tools.dashboard.builds import build, check, find_node
from tools.dashboard.errors import DashboardError
from tools.dashboard.nodes import Node
from tools.dashboard.sources import PAGE, is_current

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_NODE = CACHE / "node"
"""PyPI's Node, where the machine has none: fetched once."""


def main(arguments: list[str]) -> int:
    """Builds, and prints what is there."""
    try:
        if is_current(ROOT):
            print("the page is up to date")
        else:
            build(ROOT, _node())
            packed = sum(file.stat().st_size for file in (ROOT / PAGE).rglob("*.gz"))
            print(f"built {PAGE.as_posix()}, {packed / 1000:.0f} kB compressed")
        if "--check" in arguments:
            check(ROOT, _node())
    except DashboardError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _node() -> Node:
    return find_node(ROOT) or nodes.find_packaged(OWN_NODE) or nodes.fetch(OWN_NODE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python3 -m tools.dashboard [--check]`: build the page, unless it is current; with --check also test its sources."""

import sys
from pathlib import Path

from tools.dashboard import nodes
from tools.dashboard.builds import build, check
from tools.dashboard.errors import DashboardError
from tools.dashboard.sources import PAGE, SOURCES, is_current

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ROOT / SOURCES / "package.json"


def main(arguments: list[str]) -> int:
    """Builds, and prints what is there."""
    try:
        if is_current(ROOT):
            print("the page is up to date")
        else:
            build(ROOT, nodes.obtain(PACKAGES))
            packed = sum(file.stat().st_size for file in (ROOT / PAGE).rglob("*.gz"))
            print(f"built {PAGE.as_posix()}, {packed / 1000:.0f} kB compressed")
        if "--check" in arguments:
            check(ROOT, nodes.obtain(PACKAGES))
    except DashboardError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

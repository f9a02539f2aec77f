"""``python -m titan_local.controllers [--after FILE]``: keep Deployments and Endpoints as they should be.

Nobody waits for this process while a cluster comes up, so it stays out of the way until the others are there: most of
its start is imports, and they happen only once the file has existed for a moment.
"""

import argparse
import sys
import time
from pathlib import Path

ASK_SECONDS = 0.1
SETTLE_SECONDS = 1.0
"""Pause after the file has appeared: meanwhile the operator starts, which people wait for."""


def main() -> int:
    """Wait, then run until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m titan_local.controllers", description=__doc__)
    parser.add_argument("--after", type=Path)
    after = parser.parse_args().after
    while after is not None and not _is_settled(after):
        time.sleep(ASK_SECONDS)

    from titan_local.controllers.loops import Controllers
    from titan_local.processes import run_until_told

    run_until_told(lambda kube: Controllers(kube).run())
    return 0


def _is_settled(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime > SETTLE_SECONDS
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(main())

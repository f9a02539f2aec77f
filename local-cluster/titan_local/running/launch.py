"""``python -m titan_local.running.launch --after FILE MODULE [ARG ...]``: run a module once a file is there.

The operator's watches need the kinds and rights that the bootstrap makes, but most of its start is imports, which
need nothing. So those happen meanwhile, in the same process, and the cluster is up half a second earlier.
"""

import argparse
import importlib
import runpy
import sys
import time
from contextlib import suppress
from pathlib import Path

PRELOADED = ("kopf", "kubernetes.config", "aiohttp.web", "prometheus_client", "pydantic")
"""Packages that take long to import; which of them the module uses is its own affair."""
ASK_SECONDS = 0.01


def main() -> None:
    """Import, wait, and become the module."""
    parser = argparse.ArgumentParser(prog="python -m titan_local.running.launch", description=__doc__)
    parser.add_argument("--after", type=Path, required=True)
    parser.add_argument("module")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    for name in PRELOADED:
        with suppress(ImportError):
            importlib.import_module(name)
    while not given.after.exists():
        time.sleep(ASK_SECONDS)
    sys.argv = [given.module, *given.arguments]
    runpy.run_module(given.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

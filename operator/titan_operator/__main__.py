"""``python -m titan_operator``: run until SIGTERM."""

import argparse
import asyncio
import gc
import logging
import sys
from pathlib import Path

from titan_operator.errors import ConfigurationError
from titan_operator.logs import set_up_logging
from titan_operator.settings import load_settings
from titan_operator.watching.official_client import WithoutTheOfficialClient

log = logging.getLogger(__name__)

USAGE_ERROR = 2
GARBAGE_THRESHOLD = 20_000
"""So many new objects start a garbage collection; a pass and its requests create some hundreds."""


def main() -> int:
    """Run; returns 2 if settings, credentials or a port cannot be used, 1 if a part of the operator has failed."""
    parser = argparse.ArgumentParser(prog="python -m titan_operator", description="Titan's operator.")
    parser.add_argument("--config", type=Path, help="JSON file of settings (see titan_operator/settings.py)")
    parser.add_argument("--verbose", action="store_true", help="log what the operator does")
    arguments = parser.parse_args()
    set_up_logging(verbose=arguments.verbose)
    sys.meta_path.insert(0, WithoutTheOfficialClient())
    # Each full collection visits a cache of thousands of records, which hold no reference cycles.
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 100)
    # Only now, because this imports kopf.
    from titan_operator.process import run_process

    try:
        return asyncio.run(run_process(load_settings(arguments.config)))
    except ConfigurationError as error:
        log.error("%s", error)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())

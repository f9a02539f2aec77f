"""``python -m titan_store backup`` and ``restore``."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from titan_store.backups.restoring import restore
from titan_store.backups.saving import save
from titan_store.errors import StoreError

FAILED = 1


def run_backup(arguments: Sequence[str]) -> int:
    """Exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m titan_store backup",
        description="Copy a data directory into one file, while its store runs. Bytes in a bucket stay there.",
    )
    parser.add_argument("--data-dir", type=Path, required=True, help="of the store")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE.tar", help="replaced when the copy is complete")
    given = parser.parse_args(arguments)

    def work() -> int:
        missing = save(given.data_dir, given.to)
        for path in missing:
            sys.stderr.write(f"titan-store: {path} is missing in {given.data_dir}; the backup lacks it.\n")
        sys.stdout.write(f"wrote {given.to}\n")
        return FAILED if missing else 0

    return _guard(work)


def run_restore(arguments: Sequence[str]) -> int:
    """Exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m titan_store restore", description="Make a data directory from a backup."
    )
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE.tar", help="of a backup")
    parser.add_argument("--data-dir", type=Path, required=True, help="empty, or not there yet")
    given = parser.parse_args(arguments)

    def work() -> int:
        restore(given.source, given.data_dir)
        sys.stdout.write(f"restored {given.data_dir}\n")
        return 0

    return _guard(work)


def _guard(work: Callable[[], int]) -> int:
    try:
        return work()
    except StoreError as error:
        sentence = error.message
    except OSError as error:
        sentence = f"{error.filename or 'The disk'}: {error.strerror}."
    sys.stderr.write(f"titan-store: {sentence}\n")
    return FAILED

"""How much one job may leave in its workspace, and the message for a job that left more."""

from __future__ import annotations

import json

from titan_runner.errors import WorkspaceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from titan_runner.scans import File, Scan

MOST_BYTES = 256 * 1024**2
MOST_FILES = 10_000
"""Of what one job changes; what it inherits does not count."""
LARGEST_MANIFEST = 7 * 1024**2
"""In JSON; the store takes 8 MiB for a whole outcome."""
NAMED = 5
"""At most this many paths are named in a message."""
TOO_LARGE = "WorkspaceTooLarge"


def check_files(changed: dict[str, File], scan: Scan) -> None:
    """Raises WorkspaceError naming the biggest of too many changed files."""
    total = sum(file.size for file in changed.values())
    if total > MOST_BYTES or len(changed) > MOST_FILES:
        biggest = sorted(changed, key=lambda path: -changed[path].size)[:NAMED]
        named = ", ".join(f"{path} ({_mebibytes(changed[path].size)})" for path in biggest)
        raise WorkspaceError(
            f"the job left {len(changed)} new or changed files with {_mebibytes(total)} in its workspace; "
            f"{MOST_FILES} files and {_mebibytes(MOST_BYTES)} can be kept. The biggest: {named}",
            TOO_LARGE,
        )
    if scan.is_cut:
        raise WorkspaceError(f"the workspace holds more than {len(scan.files) - 1} files", TOO_LARGE)


def check_manifest(fields: dict[str, Any]) -> None:
    """Raises WorkspaceError if the names alone are more than an outcome can hold."""
    if len(json.dumps(fields)) > LARGEST_MANIFEST:
        raise WorkspaceError("the names of the files in the workspace are too long to be kept", TOO_LARGE)


def name_some(paths: Sequence[str]) -> str:
    """A few of the paths, for a message."""
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(map(repr, paths[:NAMED])) + more


def _mebibytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MiB"

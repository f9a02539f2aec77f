"""An embedded cluster for tests that run programs of users as subprocesses."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
LOG_LINES = 40


@dataclass(frozen=True)
class RunningCluster:
    """The cluster as tests see it: a state directory and the environment for their subprocesses."""

    state: Path
    env: Mapping[str, str]

    def read_log_tails(self) -> list[tuple[str, str]]:
        """The last lines of each component's log, for the report of a failed test."""
        logs = sorted((self.state / "logs").glob("*.log"))
        tails = [log.read_text(errors="replace").splitlines()[-LOG_LINES:] for log in logs]
        return [(f"log of {log.stem}", "\n".join(tail)) for log, tail in zip(logs, tails, strict=True)]


def make_env(home: Path) -> dict[str, str]:
    """This process's environment without what would lead to any other cluster."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TITAN_", "KUBE"))}
    return kept | {"TITAN_HOME": str(home)}


def run_program(
    command: Sequence[str], env: Mapping[str, str], directory: Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """A subprocess that cannot hang a test run."""
    return subprocess.run(
        list(command), env=dict(env), cwd=directory, input=stdin, capture_output=True, text=True, timeout=100
    )

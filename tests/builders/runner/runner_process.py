"""The runner as a subprocess, as a pod would start it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from titan_api import names


@dataclass(frozen=True)
class Ending:
    """What a finished runner left."""

    code: int
    stdout: bytes
    stderr: bytes
    words: dict[str, Any]
    """The termination message."""


class Located(Protocol):
    """A store, which is somewhere."""

    @property
    def url(self) -> str:
        """Where it is."""
        ...


class RunnerProcess:
    """One attempt's runner; its workspace and scratch directory are below ``directory``."""

    def __init__(
        self,
        directory: Path,
        store: Located,
        source: dict[str, Any],
        *args: str,
        environment: dict[str, str] | None = None,
        workspace: dict[str, Any] | None = None,
        token: str = "first-token",
        service: bool = False,
        command: Sequence[str] = (sys.executable, "-m", "titan_runner"),
    ) -> None:
        self.workspace = directory / "workspace"
        self.scratch = directory / "tmp"
        self._last_words = directory / "termination-log"
        self.token_file = directory / "token"
        for folder in (self.workspace, self.scratch):
            folder.mkdir(exist_ok=True)
        self.token_file.write_text(f"{token}\n")
        values = {
            names.ENV_RUN: json.dumps(
                {"source": source, "args": list(args), "workspace": workspace or {}, "service": service}
            ),
            names.ENV_JOB_UID: "uid-1",
            names.ENV_ATTEMPT: "1",
            names.ENV_NAMESPACE: "team",
            names.ENV_WORKSPACE: str(self.workspace),
            names.ENV_STORE_URL: store.url,
            names.ENV_STORE_TOKEN_FILE: str(self.token_file),
            "TITAN_TERMINATION_LOG": str(self._last_words),
            "TMPDIR": str(self.scratch),
            "PATH": os.environ["PATH"],
        }
        self.process = subprocess.Popen(
            command,
            env=values | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def is_still_running_after(self, seconds: float) -> bool:
        """Whether it has not ended by then."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def finish(self, seconds: float = 60.0) -> Ending:
        """Wait for its end."""
        stdout, stderr = self.process.communicate(timeout=seconds)
        words = json.loads(self._last_words.read_text()) if self._last_words.exists() else {}
        return Ending(self.process.returncode, stdout, stderr, words)


def inline(content: str, file_name: str = "job.py") -> dict[str, Any]:
    """A source inside the TitanJob."""
    return {"inline": {"fileName": file_name, "content": content}}

"""A Python 3.9, if this machine has one, and what an init container would bring into an image with nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

from tools.old_python.__main__ import LAUNCHER

ROOT = Path(__file__).resolve().parents[3]
NEWER = (
    *(f"titan_sdk/{room}/" for room in ("cli", "mcp", "testing")),
    "titan_sdk/titan_mcp_server.py",
    "titan_api/kinds/",
)
"""What only a newer Python has to run: rooms of the SDK, and the kinds' models, which import pydantic."""


def find_python39() -> str | None:
    """Its path: TITAN_PYTHON39, python3.9 on the PATH, what `python3 -m tools.old_python` has fetched, or pyenv's."""
    pyenv = sorted((Path.home() / ".pyenv/versions").glob("3.9.*/bin/python3.9"))
    found = [
        os.environ.get("TITAN_PYTHON39"),
        shutil.which("python3.9"),
        str(LAUNCHER) if LAUNCHER.exists() else None,
        *map(str, reversed(pyenv)),
    ]
    return next((path for path in found if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """pyenv puts programs on the PATH that only say that a version is not chosen."""
    program = "import sys; sys.exit(sys.version_info[:2] != (3, 9))"
    return subprocess.run([path, "-c", program], capture_output=True, check=False).returncode == 0


def portable_modules() -> list[Path]:
    """Every module that must run on Python 3.9."""
    carried = [file for package in ("titan_sdk", "titan_api") for file in (ROOT / package).rglob("*.py")]
    portable = [file for file in carried if not file.relative_to(ROOT).as_posix().startswith(NEWER)]
    return sorted([*portable, *(ROOT / "runner-image/titan_runner").glob("*.py")])


def make_tree(directory: Path) -> Path:
    """The directory as the init container fills it, but for urllib3."""
    for package in ("titan_sdk", "titan_api"):
        shutil.copytree(ROOT / package, directory / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "runner-image/titan_runner", directory / "titan_runner")
    return directory

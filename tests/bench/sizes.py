"""How large the hand-written Python files are, in lines."""

import subprocess
from pathlib import Path
from statistics import median


def file_lines() -> list[int]:
    """Lines of each tracked Python file outside the tests."""
    listed = subprocess.run(["git", "ls-files", "*.py"], check=True, capture_output=True, text=True).stdout.split()
    paths = [Path(name) for name in listed if not name.startswith("tests/") and not name.endswith("__init__.py")]
    return [len(path.read_text().splitlines()) for path in paths]


def median_lines() -> float:
    """Their median."""
    return median(file_lines())

"""The packages in ``node_modules``: fetched unless they are those of the lock file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.dashboard.errors import DashboardError
from tools.dashboard.nodes import Node

COMPLAINT = "npm error "
Packages = Mapping[str, Mapping[str, Any]]


def install(folder: Path, node: Node) -> None:
    """Fetch what is not there. Raises DashboardError."""
    if are_installed(folder):
        return
    done = node.run(folder, "ci", "--no-audit", "--no-fund")
    if done.returncode:
        # Of all that npm says, the first line of its complaint is enough.
        words = [line.removeprefix(COMPLAINT) for line in done.stdout.splitlines() if line.startswith(COMPLAINT)]
        raise DashboardError(f"npm could not fetch the page's packages ({' '.join(words[:1])})")


def are_installed(folder: Path) -> bool:
    """Whether the folder's ``node_modules`` can build the page as the lock file wants it."""
    lock, found = folder / "package-lock.json", folder / "node_modules/.package-lock.json"
    return found.is_file() and matches(_packages(lock), _packages(found))


def matches(locked: Packages, installed: Packages) -> bool:
    """Whether what is installed is what is locked; packages for other machines may be missing."""
    wanted = {place: package["version"] for place, package in locked.items() if place}
    there = {place: package["version"] for place, package in installed.items() if place}
    needed = {place for place in wanted if not locked[place].get("optional")}
    return needed <= there.keys() and there.items() <= wanted.items()


def _packages(file: Path) -> Packages:
    packages: Packages = json.loads(file.read_text())["packages"]
    return packages

"""Whether the packages that lie in ``node_modules`` are those of the lock file: then nothing need be fetched."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Packages = Mapping[str, Mapping[str, Any]]


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

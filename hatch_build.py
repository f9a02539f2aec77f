"""Hatchling's hook: whoever builds or installs Titan gets the dashboard's page with it, with or without Node at hand."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.dashboard import builds, nodes
from tools.dashboard.errors import DashboardError
from tools.dashboard.sources import SOURCES

PACKAGES = f"{SOURCES}/package.json"


class DashboardHook(BuildHookInterface):
    """Builds the page before wheels, editable installations and source archives, if it is not current."""

    def dependencies(self) -> list[str]:
        """Node out of PyPI, where the page must be built and the machine has no Node that can do it."""
        root = Path(self.root)
        return [nodes.PACKAGE] if builds.is_wanted(root) and nodes.find(root / PACKAGES) is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; what pyproject.toml calls artifacts is then packed although git ignores it."""
        root = Path(self.root)
        if not builds.is_wanted(root):
            return
        try:
            with tempfile.TemporaryDirectory(prefix="titan-node-") as folder:
                builds.build(root, nodes.find(root / PACKAGES) or nodes.fetch(Path(folder)))
        except DashboardError as error:
            self.app.abort(str(error))

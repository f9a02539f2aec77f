"""The build itself: nothing if the page is current, else in a place of its own, and then moved to where it belongs."""

import gzip
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.dashboard import modules
from tools.dashboard.errors import DashboardError
from tools.dashboard.nodes import Node
from tools.dashboard.sources import PAGE, PARTS, SOURCES, STAMP, digest_of, has_sources, is_current

SKIP = "TITAN_SKIP_DASHBOARD"
"""Set to anything: the wheel is built without a page, and the store says so to whoever looks for it."""
WITHOUT = f"{SKIP}=1 builds Titan without its page"
COMPRESSED = {".css", ".html", ".js", ".json", ".svg"}
"""What is also kept as .gz, so that no store compresses anything while it serves."""
CHECKS = (("tsc", "--noEmit"), ("biome", "ci"), ("vitest", "run"))
LAST_WORDS = 12
"""Lines of a build that failed."""


def is_wanted(root: Path, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there is something to build."""
    return not environment.get(SKIP) and has_sources(root) and not is_current(root)


def build(root: Path, node: Node) -> None:
    """Build the page of the tree. Raises DashboardError."""
    wanted = digest_of(root)
    page = root / PAGE
    # Beside its place, so that it appears there whole.
    page.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=page.parent, prefix=".dashboard-") as temporary:
        made = Path(temporary) / "page"
        try:
            _make(root / SOURCES, Path(temporary) / SOURCES, made, node)
        except DashboardError as error:
            raise DashboardError(f"{error}\n{WITHOUT}") from error
        compress(made)
        (made / STAMP).write_text(wanted)
        if page.exists():
            page.rename(Path(temporary) / "old")
        made.rename(page)


def check(root: Path, node: Node) -> None:
    """Types, lint and component tests of the sources, whose words go to the terminal. Raises DashboardError."""
    folder = root / SOURCES
    modules.install(folder, node)
    for program in CHECKS:
        command = [*node.npm, "exec", "--offline", "--", *program]
        if subprocess.run(command, cwd=folder, env=node.environment(os.environ), check=False).returncode:
            raise DashboardError(f"{' '.join(program)} found something; its words are above")


def compress(page: Path) -> None:
    """Put a .gz beside each file that gains by it; the same bytes at every build."""
    for file in [file for file in page.rglob("*") if file.suffix in COMPRESSED]:
        content = file.read_bytes()
        packed = gzip.compress(content, 9, mtime=0)
        if len(packed) < len(content):
            file.with_name(f"{file.name}.gz").write_bytes(packed)


def _make(folder: Path, copy: Path, made: Path, node: Node) -> None:
    if not modules.are_installed(folder):
        # The packages of a build are the build's own: they land in no tree and in no wheel.
        folder = _copy_sources(folder, copy)
        modules.install(folder, node)
    done = node.run(folder, "run", "build", "--", "--outDir", str(made), "--emptyOutDir")
    if done.returncode:
        words = done.stdout.strip().splitlines()[-LAST_WORDS:]
        raise DashboardError("\n".join(("the page could not be built. The end of what was said:", *words)))


def _copy_sources(folder: Path, target: Path) -> Path:
    target.mkdir()
    for name in PARTS:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, target / name)
        else:
            shutil.copy(folder / name, target / name)
    return target

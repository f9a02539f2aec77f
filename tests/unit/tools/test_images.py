"""The images hold what their programs need, and are built again when, and only when, something of it changed."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tools.images import sources
from tools.images.engines import build_arguments

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DOCKERFILE = (ROOT / "tools/images/Dockerfile").read_text()


def names_of(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=\[;]", requirement)[0] for requirement in requirements}


def installed_for(target: str) -> set[str]:
    match = re.search(rf"AS {target}-packages\nRUN sh /install.sh /opt/titan-packages ([^&\n]+)", DOCKERFILE)
    assert match is not None
    return set(match.group(1).split())


@pytest.mark.parametrize("target", ["operator", "store"])
def test_an_image_has_what_its_extra_asks_for_and_pydantic(target: str) -> None:
    assert installed_for(target) == names_of(PROJECT["optional-dependencies"][target]) | {"pydantic"}


def test_the_runner_has_all_that_the_sdk_needs_but_the_kubernetes_client() -> None:
    assert installed_for("runner") == names_of(PROJECT["dependencies"]) - {"kubernetes"}


@pytest.mark.parametrize("target", ["operator", "store", "runner"])
def test_every_image_runs_its_program_as_a_user_that_is_a_number(target: str) -> None:
    base = DOCKERFILE.split("AS base\n")[1].split("\nFROM ")[0]
    stage = DOCKERFILE.split(f"FROM base AS {target}\n")[1].split("\nFROM ")[0]
    assert "USER 65532:65532" in base
    assert "USER" not in stage
    assert f'ENTRYPOINT ["python3", "-m", "titan_{target}"]' in stage


def test_another_base_or_another_source_asks_for_another_build(tmp_path: Path) -> None:
    package = tmp_path / "titan_sdk"
    package.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text("")
    (package / "module.py").write_text("1")
    first = sources.fingerprint("debian", tmp_path, tmp_path / "tools")
    assert sources.fingerprint("debian", tmp_path, tmp_path / "tools") == first
    assert sources.fingerprint("alpine", tmp_path, tmp_path / "tools") != first
    (package / "__pycache__").mkdir()
    (package / "__pycache__/module.pyc").write_text("2")
    assert sources.fingerprint("debian", tmp_path, tmp_path / "tools") == first
    (package / "module.py").write_text("2")
    assert sources.fingerprint("debian", tmp_path, tmp_path / "tools") != first


def test_the_page_counts_by_its_sources_and_not_by_what_was_made_of_them(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text("")
    shutil.copytree(ROOT / "dashboard", tmp_path / "dashboard", ignore=shutil.ignore_patterns("node_modules"))
    first = sources.fingerprint("debian", tmp_path, tmp_path / "tools")
    (tmp_path / "store/titan_store/dashboard").mkdir(parents=True)
    (tmp_path / "store/titan_store/dashboard/index.html").write_text("built")
    (tmp_path / "dashboard/tests/more.test.ts").write_text("")
    assert sources.fingerprint("debian", tmp_path, tmp_path / "tools") == first
    (tmp_path / "dashboard/src/main.tsx").write_text("")
    assert sources.fingerprint("debian", tmp_path, tmp_path / "tools") != first


def test_a_build_names_its_target_base_and_version() -> None:
    words = build_arguments(Path("context"), "store", "titan-store:1", "1", "some-base")
    assert words[:4] == ["--target", "store", "--tag", "titan-store:1"]
    assert {"BASE_IMAGE=some-base", "VERSION=1"} <= set(words)

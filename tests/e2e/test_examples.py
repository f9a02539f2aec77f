"""The examples are programs of users: each runs as it stands and prints what the file beside it says."""

import sys
from pathlib import Path

import pytest
from builders.kubernetes.clusters import REPOSITORY, RunningCluster, run_program

EXAMPLES = sorted(file.parent.name for file in (REPOSITORY / "examples").glob("*/expected.txt"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_prints_what_is_expected(name: str, cluster: RunningCluster, tmp_path: Path) -> None:
    directory = REPOSITORY / "examples" / name
    ended = run_program([sys.executable, str(directory / "main.py")], cluster.env, tmp_path)
    assert (ended.stdout, ended.stderr, ended.returncode) == ((directory / "expected.txt").read_text(), "", 0)


def test_every_example_of_the_directory_is_tested() -> None:
    programs = {file.parent.name for file in (REPOSITORY / "examples").glob("*/main.py")}
    assert programs == set(EXAMPLES)

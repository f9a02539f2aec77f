"""What the runner may not import, and so repeats, stays the same as what the others say."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import titan_runner
from titan_runner import assignments, limits, outcomes, workspaces

from titan_api import names

SOURCES = sorted(Path(titan_runner.__file__).parent.glob("*.py"))
COSTLY = {"typing", "dataclasses", "subprocess", "http", "urllib", "ssl", "tempfile", "zipfile", "asyncio", "inspect"}


def test_the_environment_s_names_are_those_of_the_api() -> None:
    own = {name: value for name, value in vars(assignments).items() if name.startswith("ENV_")}
    own.pop("ENV_TERMINATION_LOG")

    assert own == {name: getattr(names, name) for name in own}


def test_the_reasons_of_programs_are_those_of_the_api() -> None:
    assert (outcomes.COMPLETED, outcomes.ERROR) == (names.REASON_COMPLETED, names.REASON_ERROR)
    assert (outcomes.TERMINATED, outcomes.OUT_OF_MEMORY) == (names.REASON_TERMINATED, names.REASON_OOM_KILLED)
    assert limits.TOO_LARGE == names.REASON_WORKSPACE_TOO_LARGE
    assert workspaces.UNREADABLE == names.REASON_WORKSPACE_UNREADABLE


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_file_is_python_3_9(source: Path) -> None:
    tree = ast.parse(source.read_text(), feature_version=(3, 9))

    assert ast.get_docstring(tree)


def test_starting_up_loads_nothing_costly() -> None:
    program = "import sys, titan_runner.__main__; print(*sorted(sys.modules))"

    loaded = subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCES[0].parents[1])},
    ).stdout.split()

    assert {name.partition(".")[0] for name in loaded} & COSTLY == set()

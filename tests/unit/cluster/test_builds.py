"""Building the test cluster's programs."""

from pathlib import Path

import pytest

from tools.binaries.builds import MODULES, build, fingerprint, is_current
from tools.binaries.catalogue import PROGRAMS, Program

PAUSE = PROGRAMS["pause"]


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)
def test_every_program_comes_from_a_pinned_module(program: Program) -> None:
    module = MODULES / program.module
    text = (module / "go.mod").read_text()
    assert program.package == "." or program.package in text
    assert (module / "go.sum").exists() or "require" not in text


def _pretend_built(program: Program, target: Path) -> None:
    (target / program.name).touch()
    (target / f"{program.name}.build").write_text(fingerprint(program))


def test_a_program_that_is_there_is_not_built_again(tmp_path: Path) -> None:
    _pretend_built(PAUSE, tmp_path)
    assert build([PAUSE], tmp_path) == []


def test_a_program_made_of_something_else_is_not_current(tmp_path: Path) -> None:
    _pretend_built(PAUSE, tmp_path)
    (tmp_path / "pause.build").write_text("of another version")
    assert not is_current(PAUSE, tmp_path)


def test_a_program_of_unknown_origin_is_not_current(tmp_path: Path) -> None:
    (tmp_path / "pause").touch()
    assert not is_current(PAUSE, tmp_path)

"""The page of agreement is written by ``make agreement``; here it is only held to what the suite consists of."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "tests" / "conformance"
PAGE = (ROOT / "docs" / "agreement.md").read_text()


def test_every_file_of_the_conformance_suite_has_a_row() -> None:
    expected = {path.stem.removeprefix("test_").replace("_", " ") for path in SUITE.glob("test_*.py")}
    assert {row for row in re.findall(r"^\| ([a-z ]+) \|", PAGE, re.MULTILINE) if row != "tests"} == expected


def test_the_known_differences_are_counted_as_they_are_listed() -> None:
    listed = yaml.safe_load((SUITE / "answers" / "differences.yaml").read_text())
    total = re.search(r"^\| \*\*all\*\* \| \d+ \| (\d+) \|", PAGE, re.MULTILINE)
    assert total is not None and int(total[1]) == sum(map(len, listed.values()))

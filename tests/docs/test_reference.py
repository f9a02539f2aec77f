"""The generated pages leave nothing out, and nothing is missing from the written ones."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from builders.kubernetes.clusters import REPOSITORY
from titan_store.api.catalog import OPERATIONS

import titan_sdk
from titan_api import names
from titan_sdk import TitanJob
from titan_sdk.cli.app import build_app
from titan_sdk.cluster import environment
from titan_sdk.pipelines import parser

REFERENCE = REPOSITORY / "docs" / "site" / "reference"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they would be generated now."""
    folder = tmp_path_factory.mktemp("reference")
    command = [sys.executable, str(REPOSITORY / "tools" / "generate_docs.py"), str(folder)]
    subprocess.run(command, check=True, timeout=60)
    return folder


def test_every_command_has_a_section(generated: Path) -> None:
    root = typer.main.get_command(build_app())
    page = (generated / "cli.md").read_text()
    assert [name for name in root.commands if f"## `titan {name}" not in page] == []


def test_every_command_is_in_the_readme() -> None:
    root = typer.main.get_command(build_app())
    rows = [line for line in (REPOSITORY / "README.md").read_text().splitlines() if line.startswith("| `titan ")]
    named = {row.removeprefix("| `titan ").partition("`")[0].split()[0]: row for row in rows}
    assert named.keys() == root.commands.keys()
    within = {name: list(group.commands) for name, group in root.commands.items() if hasattr(group, "commands")}
    assert [(name, child) for name, known in within.items() for child in known if child not in named[name]] == []


def test_every_operation_of_the_store_has_a_section(generated: Path) -> None:
    page = (generated / "store-api.md").read_text()
    missing = [one.name for one in OPERATIONS if f"## {one.method} `{one.path}`" not in page]
    assert missing == []


def test_every_reason_and_condition_has_a_sentence(generated: Path) -> None:
    page = (generated / "names.md").read_text()
    constants = {name: value for name, value in vars(names).items() if name.startswith(("REASON_", "CONDITION_"))}
    assert [name for name, value in constants.items() if not re.search(rf"\| `{value}` \| \w", page)] == []


def test_every_key_of_a_pipeline_is_explained() -> None:
    page = (REFERENCE / "yaml.md").read_text()
    keys = (*parser.ROOT_KEYS, *parser.JOB_KEYS)
    assert [key for key in keys if f"| `{key}`" not in page] == []


def test_every_argument_of_a_job_is_explained() -> None:
    page = (REFERENCE / "sdk.md").read_text()
    arguments = list(inspect.signature(TitanJob).parameters)
    assert [name for name in arguments if f"| `{name}` |" not in page] == []


def test_every_public_name_of_the_sdk_is_explained() -> None:
    page = (REFERENCE / "sdk.md").read_text()
    assert [name for name in titan_sdk.__all__ if f"::: titan_sdk.{name}\n" not in page] == []


def test_every_variable_that_the_sdk_reads_is_explained() -> None:
    page = (REFERENCE / "environment.md").read_text()
    variables = {value for name, value in vars(environment).items() if name.startswith("ENV_")}
    variables |= {value for name, value in vars(names).items() if name.startswith("ENV_")}
    assert [name for name in sorted(variables) if f"`{name}`" not in page] == []

"""Help is quick, and every command shows how it is used."""

import subprocess
import sys

import pytest
import typer

from titan_sdk.cli.app import build_app

HEAVY = ("kubernetes", "pydantic", "urllib3", "aiohttp", "rich", "titan_local", "titan_sdk.client")


def command_names() -> list[tuple[str, ...]]:
    tree = typer.main.get_command(build_app())
    groups = {name: getattr(command, "commands", {}) for name, command in tree.commands.items()}
    return [(name, inner) for name in groups for inner in groups[name]] + [(n,) for n in groups if not groups[n]]


def titan(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "titan_sdk.cli", *arguments], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("name", command_names(), ids=" ".join)
def test_the_help_of_a_command_ends_its_description_with_an_example(name: tuple[str, ...]) -> None:
    command = typer.main.get_command(build_app())
    for part in name:
        command = command.commands[part]
    assert f"titan {' '.join(name)}" in command.help.partition("Example: ")[2]


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom titan_sdk.cli.app import run\nrun(['--help'])\n"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ended.stderr == "[]\n"
    for command in ("run", "status", "logs", "approve", "store", "files", "local"):
        assert f"  {command} " in ended.stdout


def test_titan_alone_shows_its_help_and_is_wrong_usage() -> None:
    ended = titan()
    assert (ended.returncode, "Usage: titan" in ended.stdout + ended.stderr) == (2, True)


def test_help_says_what_the_exit_codes_mean() -> None:
    assert "3 timeout, 4 unreachable" in titan("--help").stdout

"""``titan secret``: values for jobs' environments that nobody reads back through Titan."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from titan_sdk.cli.calls import Call
from titan_sdk.cli.exits import CommandFailed, ExitCode

Name = Annotated[str, typer.Argument(help="Name of the secret.", show_default=False)]


def set_secret(
    call: Call,
    name: Name,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE...", help="The secret's contents.", show_default=False)
    ] = None,
    from_file: Annotated[
        str | None,
        typer.Option("--from-file", help="A file of KEY=VALUE lines; - reads them from stdin.", show_default=False),
    ] = None,
) -> None:
    """Create a secret, or replace its contents. With --from-file the values do not appear in process lists.

    Example: titan secret set openai API_KEY=sk-123
    """
    given = parse_pairs(values or []) | (read_pairs(from_file) if from_file is not None else {})
    call.client.set_secret(name, given)
    call.answer({"name": name, "keys": sorted(given)}, f"{name}: {', '.join(sorted(given))}")


def delete(call: Call, name: Name) -> None:
    """Delete a secret. If there is none, the exit code is 1.

    Example: titan secret delete openai
    """
    if not call.client.delete_secret(name):
        raise CommandFailed(f"there is no secret {name!r}")
    call.answer({"deleted": name}, f"Deleted: {name}")


def ls(call: Call) -> None:
    """List the names of the secrets that Titan created. Their contents are never shown.

    Example: titan secret ls
    """
    names = call.client.list_secrets()
    call.answer(names, *(names or ["No secrets here."]))


def parse_pairs(pairs: list[str]) -> dict[str, str]:
    """KEY=VALUE texts as a dict. Errors name the position and never the text, which may be a secret."""
    values = {}
    for number, pair in enumerate(pairs, start=1):
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise CommandFailed(f"value {number} is not of the form KEY=VALUE", ExitCode.USAGE)
        values[key] = value
    return values


def read_pairs(path: str) -> dict[str, str]:
    """The KEY=VALUE lines of a file; empty lines and comments are left out, one pair of quotes around a value is too."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text()
    lines = [line.strip() for line in text.splitlines()]
    kept = [line.removeprefix("export ") for line in lines if line and not line.startswith("#")]
    return {key: _unquoted(value) for key, value in parse_pairs(kept).items()}


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value

"""``titan secret``: values for jobs' environments that nobody reads back through Titan."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from titan_sdk.cli.edge import client_of
from titan_sdk.cli.exits import CommandFailed, ExitCode
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, say

Name = Annotated[str, typer.Argument(help="Name of the secret.", show_default=False)]


def build_group() -> typer.Typer:
    """The commands under ``titan secret``."""
    text = "Manage the secrets that jobs get as environment variables."
    group = typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)
    group.command("set")(set_secret)
    group.command("delete")(delete)
    group.command("ls")(ls)
    return group


def set_secret(
    ctx: typer.Context,
    name: Name,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE...", help="The secret's contents.", show_default=False)
    ] = None,
    from_file: Annotated[
        str | None,
        typer.Option("--from-file", help="A file of KEY=VALUE lines; - reads them from stdin.", show_default=False),
    ] = None,
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Create a secret, or replace its contents. With --from-file the values do not appear in process lists.

    Example: titan secret set openai API_KEY=sk-123
    """
    given = parse_pairs(values or []) | (read_pairs(from_file) if from_file is not None else {})
    client_of(ctx, namespace, context).set_secret(name, given)
    if as_json:
        emit_json({"name": name, "keys": sorted(given)})
    else:
        say(f"{name}: {', '.join(sorted(given))}")


def delete(
    ctx: typer.Context, name: Name, namespace: Namespace = None, context: Context = None, as_json: AsJson = False
) -> None:
    """Delete a secret. If there is none, the exit code is 1.

    Example: titan secret delete openai
    """
    if not client_of(ctx, namespace, context).delete_secret(name):
        raise CommandFailed(f"there is no secret {name!r}")
    if as_json:
        emit_json({"deleted": name})
    else:
        say(f"Deleted: {name}")


def ls(ctx: typer.Context, namespace: Namespace = None, context: Context = None, as_json: AsJson = False) -> None:
    """List the names of the secrets that Titan created. Their contents are never shown.

    Example: titan secret ls
    """
    names = client_of(ctx, namespace, context).list_secrets()
    if as_json:
        emit_json(names)
    elif not names:
        say("No secrets here.")
    else:
        for name in names:
            say(name)


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

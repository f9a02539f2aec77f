"""``titan store``: the shared values, from the shell."""

import sys
from typing import Annotated

import typer

from titan_sdk.cli.edge import client_of
from titan_sdk.cli.options import AsJson, Context, Namespace
from titan_sdk.cli.output import emit_json, say

Key = Annotated[str, typer.Argument(help="Key of the value.", show_default=False)]


def build_group() -> typer.Typer:
    """The commands under ``titan store``."""
    group = typer.Typer(help="Use the values that jobs and people share.", no_args_is_help=True, rich_markup_mode=None)
    group.command("get")(get)
    group.command("put")(put)
    group.command("ls")(ls)
    return group


def get(
    ctx: typer.Context, key: Key, namespace: Namespace = None, context: Context = None, as_json: AsJson = False
) -> None:
    """Print a value. If the key is missing, the exit code is 1.

    Example: titan store get task_123_accuracy
    """
    value = client_of(ctx, namespace, context).store.get(key)
    if as_json:
        emit_json({"key": key, "value": value})
    else:
        say(value)


def put(
    ctx: typer.Context,
    key: Key,
    value: Annotated[str, typer.Argument(help="The value; - reads it from stdin.", show_default=False)],
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Store a value. It is durable when the command returns.

    Example: titan store put task_123_accuracy 98.5
    """
    text = sys.stdin.read() if value == "-" else value
    client_of(ctx, namespace, context).store.put(key, text)
    if as_json:
        emit_json({"key": key, "size": len(text.encode())})
    else:
        say("OK")


def ls(
    ctx: typer.Context,
    prefix: Annotated[str, typer.Argument(help="Only keys that begin with this.", show_default=False)] = "",
    namespace: Namespace = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """List the keys in order, one per line.

    Example: titan store ls nightly:
    """
    keys = client_of(ctx, namespace, context).store.list(prefix)
    if as_json:
        emit_json(keys)
    else:
        for key in keys:
            say(key)

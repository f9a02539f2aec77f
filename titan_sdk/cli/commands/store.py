"""``titan store``: the shared values, from the shell."""

import sys
from typing import Annotated

import typer

from titan_sdk.cli.calls import Call

Key = Annotated[str, typer.Argument(help="Key of the value.", show_default=False)]


def get(call: Call, key: Key) -> None:
    """Print a value. If the key is missing, the exit code is 1.

    Example: titan store get task_123_accuracy
    """
    value = call.client.store.get(key)
    call.answer({"key": key, "value": value}, value)


def put(
    call: Call,
    key: Key,
    value: Annotated[str, typer.Argument(help="The value; - reads it from stdin.", show_default=False)],
) -> None:
    """Store a value. It is durable when the command returns.

    Example: titan store put task_123_accuracy 98.5
    """
    text = sys.stdin.read() if value == "-" else value
    call.client.store.put(key, text)
    call.answer({"key": key, "size": len(text.encode())}, "OK")


def ls(
    call: Call,
    prefix: Annotated[str, typer.Argument(help="Only keys that begin with this.", show_default=False)] = "",
) -> None:
    """List the keys in order, one per line.

    Example: titan store ls nightly:
    """
    keys = call.client.store.list(prefix)
    call.answer(keys, *keys)

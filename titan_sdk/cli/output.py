"""How commands speak: JSON for machines, columns for people, both on stdout; colour only on a terminal."""

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PHASE_STYLES = {
    "Succeeded": "green",
    "Approved": "green",
    "Serving": "cyan",
    "Running": "cyan",
    "Failed": "bold red",
    "Rejected": "bold red",
    "TimedOut": "bold red",
    "Cancelled": "yellow",
    "Pending": "dim",
}

_WIDE = 10_000
"""Columns of a console that is no terminal: whoever reads a pipe wants whole lines, not ones cut at 80."""


def emit_json(value: object) -> None:
    """One JSON document, on one line."""
    say(json.dumps(as_document(value), ensure_ascii=False))


def as_document(value: object) -> object:
    """The SDK's views as JSON has them: camelCase keys as in Kubernetes, times in ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {_camel(field.name): as_document(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): as_document(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_document(item) for item in value]
    return value


def say(sentence: str) -> None:
    """One line for a person."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def make_console() -> "Console":
    """A rich console on stdout, wide where nobody looks at a screen."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def print_columns(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under headers, aligned as kubectl does it; a cell that names a phase has the phase's colour."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style=PHASE_STYLES.get(cell, "")) for cell in row))
    make_console().print(table)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join("ID" if part == "id" else part.capitalize() for part in others)

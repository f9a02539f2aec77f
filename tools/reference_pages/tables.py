"""Markdown tables from rows of text."""

import html
import re
from collections.abc import Iterable, Sequence


def render_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing at all without rows."""
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    return "\n".join([_line(headers), _line(["---"] * len(headers)), *lines]) + "\n"


def code(text: object) -> str:
    """The text as code. A pipe would end its cell, and cannot be escaped between backticks."""
    shown = str(text)
    if "|" in shown:
        return f"<code>{html.escape(shown, quote=False).replace('|', '&#124;')}</code>"
    return f"`{shown}`" if shown else ""


def prose(text: str) -> str:
    """Docstring text in one line, its reStructuredText literals as Markdown's; brackets are no links there."""
    pieces = " ".join(text.replace("``", "`").split()).split("`")
    return "`".join(piece if number % 2 else _escape(piece) for number, piece in enumerate(pieces))


def _escape(text: str) -> str:
    return re.sub(r"([\[\]<>])", r"\\\1", text)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

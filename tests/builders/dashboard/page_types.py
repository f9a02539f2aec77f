"""The interfaces of the page's ``types.ts``: names of fields, and which may be absent."""

import re
from pathlib import Path

TYPES = Path(__file__).parents[3] / "dashboard" / "src" / "api" / "types.ts"

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_INTERFACE = re.compile(r"export interface (\w+)(?:<\w+>)?(?: extends (\w+))? \{")
_FIELD = re.compile(r"(\w+)(\??):")


def read_interfaces() -> dict[str, dict[str, bool]]:
    """By name of the interface: its fields, and whether each is always there."""
    text = _COMMENT.sub("", TYPES.read_text())
    found: dict[str, dict[str, bool]] = {}
    for match in _INTERFACE.finditer(text):
        inherited = found[match[2]] if match[2] else {}
        found[match[1]] = inherited | _read_fields(_body(text, match.end()))
    return found


def _body(text: str, start: int) -> str:
    """Up to the closing brace, without what is nested."""
    depth, kept = 1, ""
    for character in text[start:]:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return kept
        kept += character if depth == 1 else ""
    raise ValueError("an interface of types.ts does not end")


def _read_fields(body: str) -> dict[str, bool]:
    return {match[1]: not match[2] for match in _FIELD.finditer(body)}

"""Nodes that stand for many: what a fold is, what it is called, and how the words on it come about. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind = Literal["FanOut", "Chain", "Band"]
FAN_OUT: Kind = "FanOut"
CHAIN: Kind = "Chain"
BAND: Kind = "Band"

LONGEST_NAME, LONGEST_LABEL = 40, 80
"""Longer ones are cut."""
MOST_OPENED = 200
"""A fold with more direct members is not opened in the graph; it is read as a list."""
PORTION = 100
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Fold:
    """Some nodes as one."""

    id: str
    """Made of its first job, so that it stays the same while jobs are added behind."""
    kind: Kind
    label: str
    parts: tuple["Part", ...]
    """Its direct members: of chains in their order, else in the order of creation."""
    places: tuple[int, ...]
    """All jobs in it, however deep, in the order of creation."""


Part: TypeAlias = int | Fold
"""The place of a job, or a fold."""


def places_of(part: Part) -> tuple[int, ...]:
    """All jobs of it."""
    return part.places if isinstance(part, Fold) else (part,)


def first_of(part: Part) -> int:
    """The job that was created first."""
    return part.places[0] if isinstance(part, Fold) else part


def make_fold(kind: Kind, members: Sequence[Part], names: Sequence[str], label: str | None = None) -> Fold:
    """A fold of some nodes. Members that are folds of the same kind lose their own, for it says nothing more."""
    parts = list(_flatten(kind, members))
    if kind != CHAIN:
        parts.sort(key=first_of)
    words = cut(label or _describe(kind, parts, names), LONGEST_LABEL)
    return _assemble(_name_fold(kind, kind, parts, names), kind, words, _portion(kind, parts, names))


def _flatten(kind: Kind, members: Sequence[Part]) -> Iterator[Part]:
    for member in members:
        if isinstance(member, Fold) and member.kind == kind:
            yield from _flatten(kind, member.parts)
        else:
            yield member


def _portion(kind: Kind, parts: list[Part], names: Sequence[str]) -> list[Part]:
    """What is too much to be opened at once, in portions. Not equal jobs beside each other: their list says it all."""
    is_plain = all(isinstance(part, int) for part in parts)
    if len(parts) <= MOST_OPENED or kind == BAND or (kind == FAN_OUT and is_plain):
        return parts
    portions = [parts[begin : begin + PORTION] for begin in range(0, len(parts), PORTION)]
    return [
        _assemble(
            _name_fold(kind, f"{kind}part", portion, names),
            kind,
            cut(_describe(kind, portion, names), LONGEST_LABEL),
            portion,
        )
        for portion in portions
    ]


def _assemble(fold_id: str, kind: Kind, label: str, parts: Sequence[Part]) -> Fold:
    places = tuple(sorted(place for part in parts for place in places_of(part)))
    return Fold(fold_id, kind, label, tuple(parts), places)


def _name_fold(kind: Kind, word: str, parts: Sequence[Part], names: Sequence[str]) -> str:
    """Folds inside folds may begin with the same job; they are told apart by how often their kind has come before."""
    rank, leading = 1, min(parts, key=first_of)
    while isinstance(leading, Fold):
        rank += leading.kind == kind
        leading = min(leading.parts, key=first_of)
    # Ids are listed with commas between them.
    escaped = names[leading].replace("%", "%25").replace(",", "%2C")
    return f"fold:{word.lower()}{rank if rank > 1 else ''}:{escaped}"


def _describe(kind: Kind, parts: Sequence[Part], names: Sequence[str]) -> str:
    if kind == CHAIN:
        return f"{_word(parts[0], names)} → {_word(parts[-1], names)}"
    if all(isinstance(part, int) for part in parts):
        ordered = sorted((names[first_of(part)] for part in parts), key=natural_key)
        return f"{cut(ordered[0])} … {cut(ordered[-1])}"
    return f"{len(parts)} × {_word(parts[0], names)}"


def _word(part: Part, names: Sequence[str]) -> str:
    return part.label if isinstance(part, Fold) else cut(names[part])


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts work-2 before work-10."""
    return tuple(
        (0, int(piece), "") if piece.isdecimal() and piece.isascii() else (1, 0, piece) for piece in _DIGITS.split(text)
    )


def cut(text: str, longest: int = LONGEST_NAME) -> str:
    """The text, or its beginning."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

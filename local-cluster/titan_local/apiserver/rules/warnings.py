"""Warnings: what the server bears, but tells the person behind the client."""

from collections.abc import Callable

Warn = Callable[[str], None]


def stay_silent(text: str) -> None:
    """Nobody is warned."""

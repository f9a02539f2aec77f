"""Pauses between tries to reach a server that is away."""

import random


class Backoff:
    """Each pause is twice the one before, up to the longest; jitter keeps many clients from returning together.

    The jitter is small enough that each pause is longer than the one before.
    """

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._pause = first

    def next(self) -> float:
        """Seconds to wait now."""
        pause, self._pause = self._pause, min(self._pause * 2, self._longest)
        return pause * random.uniform(0.75, 1.25)

    def reset(self) -> None:
        """The server has answered: begin with the first pause again."""
        self._pause = self._first

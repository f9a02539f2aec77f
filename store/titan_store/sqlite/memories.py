"""What look-ups have found, remembered for as long as nothing can have changed: until the next transaction begins.

All writes of the data directory go through one process and one writer, so what was read between two of its transactions
is what would be read again. Those who poll a key, as waiting programs do, then cost no visit to SQLite.
"""

from typing import Any

Rows = list[tuple[Any, ...]]
Question = tuple[str, tuple[Any, ...]]
"""A query and its parameters."""

ANSWER_BYTES = 2**16
"""A longer answer is not remembered: SQLite's part in it is small."""
TOTAL_BYTES = 2**23
COUNT = 10_000


class Memory:
    """Answers by question. Between ``pause`` and ``resume`` nothing is known and nothing is kept."""

    def __init__(self) -> None:
        self._answers: dict[Question, Rows] = {}
        self._bytes = 0
        self._is_paused = False

    def recall(self, question: Question) -> Rows | None:
        """The rows, which nobody may change; None: ask the database."""
        return self._answers.get(question)

    def keep(self, question: Question, rows: Rows) -> None:
        """Remember an answer that was read just now."""
        if self._is_paused:
            return
        size = sum(len(field) for row in (question[1], *rows) for field in row if isinstance(field, str | bytes))
        if size > ANSWER_BYTES:
            return
        if self._bytes + size > TOTAL_BYTES or len(self._answers) >= COUNT:
            self._forget()
        self._answers[question] = rows
        self._bytes += size

    def pause(self) -> None:
        """A transaction begins: whatever is read until its end may be true no longer when it ends."""
        self._forget()
        self._is_paused = True

    def resume(self) -> None:
        """The transaction has ended, and no other has begun."""
        self._is_paused = False

    def _forget(self) -> None:
        self._answers.clear()
        self._bytes = 0

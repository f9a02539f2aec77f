"""Quotas of a namespace, checked in the transaction that would break them; see ``settings.Quotas``."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from titan_store.errors import InsufficientStorage
from titan_store.settings import Quotas

USED = "SELECT bytes, count FROM usage WHERE namespace = ? AND kind = ?"
UNBOUNDED = 2**62


@dataclass
class _Room:
    """What a namespace may still add without anybody looking: never more than there is."""

    bytes: int
    count: int


@dataclass(frozen=True)
class Limits:
    """Of one kind of the table ``usage``."""

    kind: str
    bytes: int | None = None
    count: int | None = None
    _rooms: dict[str, _Room] = field(default_factory=dict, compare=False, repr=False)

    def write(
        self, connection: sqlite3.Connection, namespace: str, growth: int, statement: str, parameters: tuple[Any, ...]
    ) -> int:
        """Execute a statement that adds one entry and ``growth`` bytes at most; returns how many rows changed.

        Far from the limits nothing is looked up. Near them the exact usage decides; what shrinks a namespace that a
        lowered quota has overtaken is allowed. Raises InsufficientStorage, which rolls the statement back.
        """
        if self.bytes is None and self.count is None:
            return connection.execute(statement, parameters).rowcount
        room = self._rooms.get(namespace)
        if room is not None and room.bytes >= growth and room.count > 0:
            room.bytes -= growth
            room.count -= 1
            return connection.execute(statement, parameters).rowcount
        before = used(connection, namespace, self.kind)
        changed = connection.execute(statement, parameters).rowcount
        after = used(connection, namespace, self.kind)
        self._check(before, after)
        self._rooms[namespace] = _Room(_rest(self.bytes, after[0]), _rest(self.count, after[1]))
        return changed

    def _check(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        if self.bytes is not None and after[0] > self.bytes and after[0] > before[0]:
            raise exhausted(self.kind, f"{self.bytes} bytes", f"{before[0]} are used")
        if self.count is not None and after[1] > self.count and after[1] > before[1]:
            raise exhausted(self.kind, f"{self.count} entries", "all are used")


UNLIMITED = Limits("")


def value_limits(quotas: Quotas) -> Limits:
    """Of values and members of sets."""
    return Limits("values", quotas.value_bytes, quotas.value_count)


def file_limits(quotas: Quotas) -> Limits:
    """Of files and blobs."""
    return Limits("files", quotas.file_bytes)


def used(connection: sqlite3.Connection, namespace: str, kind: str) -> tuple[int, int]:
    """Bytes and number."""
    row = connection.execute(USED, (namespace, kind)).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def exhausted(kind: str, limit: str, state: str) -> InsufficientStorage:
    """The refusal; it names the quota."""
    return InsufficientStorage(f"The namespace's quota for {kind} is {limit}, of which {state}; delete some first.")


def _rest(limit: int | None, used_now: int) -> int:
    """Half of what is left, because the transaction that saw it may still be rolled back."""
    return UNBOUNDED if limit is None else max(limit - used_now, 0) // 2

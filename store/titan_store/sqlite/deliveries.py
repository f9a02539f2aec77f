"""What is to be told to whom, in SQLite: so that nothing is forgotten over a restart, and nothing told twice."""

from dataclasses import dataclass
from datetime import datetime

from titan_store.sqlite.database import Database
from titan_store.times import from_microseconds, to_microseconds

_ADD = "INSERT OR IGNORE INTO deliveries (gate, event, hook, body, made, due) VALUES (?, ?, ?, ?, ?, ?)"
_KNOWN = "SELECT 1 FROM deliveries WHERE gate = ? AND event = ? AND hook = ?"
_DUE = """
SELECT gate, event, hook, body, tries, made FROM deliveries WHERE due <= ? AND hook = ? ORDER BY due, made LIMIT ?
"""
_NEXT = "SELECT min(due) FROM deliveries WHERE due IS NOT NULL AND hook = ?"
_RESCHEDULE = "UPDATE deliveries SET due = ?, tries = tries + 1 WHERE gate = ? AND event = ? AND hook = ?"
_FORGET = "DELETE FROM deliveries WHERE made < ?"


@dataclass(frozen=True)
class Delivery:
    """One event of a gate for one webhook."""

    gate: str
    """uid of the TitanApproval."""
    event: str
    hook: str
    """Says which webhook, without its URL."""
    body: str
    tries: int = 0
    made: datetime | None = None


class SQLiteDeliveries:
    """An event of a gate is there once for each webhook, also when it was told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, hook: str, now: datetime) -> datetime:
        """When this webhook was first heard of: now, if it is new."""
        name = f"webhook {hook}"
        known = self._database.find_fact(name)
        if known is not None:
            return from_microseconds(int(known))
        await self._database.execute("INSERT INTO facts VALUES (?, ?)", (name, str(to_microseconds(now))))
        return now

    async def add(self, delivery: Delivery, now: datetime) -> bool:
        """Whether it is new; then it is due at once."""
        key = (delivery.gate, delivery.event, delivery.hook)
        if self._database.read(_KNOWN, key):
            return False
        row = (*key, delivery.body, to_microseconds(now), to_microseconds(now))
        return await self._database.execute(_ADD, row) > 0

    async def due(self, hook: str, now: datetime, limit: int) -> list[Delivery]:
        """What is to be told to this webhook now, the oldest first."""
        rows = self._database.read(_DUE, (to_microseconds(now), hook, limit))
        return [
            Delivery(gate, event, hook, body, tries, from_microseconds(made))
            for gate, event, hook, body, tries, made in rows
        ]

    async def next_due(self, hook: str) -> datetime | None:
        """When there will be something to tell; None: not that anybody knows."""
        moment = self._database.read(_NEXT, (hook,))[0][0]
        return from_microseconds(moment) if moment is not None else None

    async def reschedule(self, delivery: Delivery, due: datetime | None) -> None:
        """It was tried; try again then, or (None) never: it was taken or is given up."""
        row = (to_microseconds(due) if due else None, delivery.gate, delivery.event, delivery.hook)
        await self._database.execute(_RESCHEDULE, row)

    async def forget(self, before: datetime) -> None:
        """Remove what was noted before then."""
        moment = to_microseconds(before)
        if self._database.read("SELECT 1 FROM deliveries WHERE made < ? LIMIT 1", (moment,)):
            await self._database.execute(_FORGET, (moment,))

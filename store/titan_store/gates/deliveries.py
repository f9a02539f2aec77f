"""What is to be told to webhooks, as a Protocol beside those of ``backends``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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


class Deliveries(Protocol):
    """What is to be told to whom; an event of a gate is there once for each webhook, also when it was told."""

    async def since(self, hook: str, now: datetime) -> datetime:
        """When this webhook was first heard of: now, if it is new."""

    async def add(self, delivery: Delivery, now: datetime) -> bool:
        """Whether it is new; then it is due at once."""

    async def due(self, hook: str, now: datetime, limit: int) -> list[Delivery]:
        """What is to be told to this webhook now, the oldest first."""

    async def next_due(self, hook: str) -> datetime | None:
        """When there will be something to tell; None: not that anybody knows."""

    async def reschedule(self, delivery: Delivery, due: datetime | None) -> None:
        """It was tried; try again then, or (None) never: it was taken or is given up."""

    async def forget(self, before: datetime) -> None:
        """Remove what was noted before then."""

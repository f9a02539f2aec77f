"""Where sessions are kept, as a Protocol, and what is kept of one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class SessionRow:
    """A session at rest."""

    id: str
    user: str
    """So that nobody fills the table."""
    sealed_token: bytes = field(repr=False)
    created: datetime
    expires: datetime


class SessionTable(Protocol):
    """All raise Unavailable when the database does not work."""

    async def add(self, row: SessionRow, most: int) -> list[str]:
        """Keep it, and of this user only the newest ``most``; the ids of those that had to go."""

    async def find(self, session_id: str) -> SessionRow | None:
        """None: there is none."""

    async def remove(self, session_id: str) -> None:
        """Unknown ones are no mistake."""

    async def remove_expired(self, now: datetime) -> None:
        """Those whose time is over."""

    async def forgery_key(self) -> bytes:
        """A secret of this store for what has no cookie; drawn at the first use, and no part of a backup."""

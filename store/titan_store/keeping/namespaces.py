"""What the store knows of namespaces beside their data, as a Protocol beside those of ``backends``."""

from datetime import datetime
from typing import Protocol


class Namespaces(Protocol):
    """Which namespaces have data here."""

    async def known(self) -> list[str]:
        """Their uids."""

    async def usage(self, namespace: str) -> dict[str, tuple[int, int]]:
        """Bytes and number by kind (``values``, ``files``): what quotas are held against."""

    async def missing_since(self, living: frozenset[str], now: datetime) -> dict[str, datetime]:
        """Those that the API server does not know, and since when; one that is known again is forgotten here."""

    async def remove_rows(self, namespace: str) -> list[str]:
        """Remove some rows of files, values and sets; returns the objects that are free now, empty when all is gone."""

"""One of several operators: it works while it leads, and otherwise keeps its cache warm."""

import asyncio
from collections.abc import Sequence

from titan_operator.application import Operator
from titan_operator.passes.leader import Election


class Replica:
    """Follows an election with one operator."""

    def __init__(self, operator: Operator, namespaces: Sequence[str]) -> None:
        self._operator = operator
        self._namespaces = namespaces
        self._group = asyncio.TaskGroup()
        self._beginning: asyncio.Task[None] | None = None

    async def serve(self, election: Election) -> None:
        """For ever; a failure of either part ends both."""
        async with self._group:
            await election.run(self.take_over, self.stand_by)

    def take_over(self) -> None:
        """Begin, beside the renewals: complete lists may take longer than a Lease lasts."""
        self._stop_beginning()
        self._beginning = self._group.create_task(self._begin())

    def stand_by(self) -> None:
        """Stop planning; a write that a pass still wants to send is refused before it is sent."""
        self._stop_beginning()
        self._operator.workers.stand_by()

    async def _begin(self) -> None:
        await self._operator.take_over()
        await self._operator.accounts.ensure_all(self._namespaces)

    def _stop_beginning(self) -> None:
        if self._beginning is not None:
            self._beginning.cancel()

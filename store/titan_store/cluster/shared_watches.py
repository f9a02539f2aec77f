"""One list and watch of a kind for all who follow it, and none while nobody does.

Whoever comes later needs the list as well, so the watch begins anew for all: to those who know its objects already, the
list tells nothing new. A follower takes each batch before the next one is read, so nothing piles up in memory.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import partial

from titan_kube.follow import Batch, News
from titan_store.cluster.edges import FOLLOWED
from titan_store.errors import StoreError, Unavailable

Follow = Callable[[str], AsyncGenerator[Batch, None]]
"""As ``Cluster.follow``; whoever leaves closes it at once, because others may wait for them."""
Inbox = asyncio.Queue[Batch | Exception]


class SharedWatches:
    """Made once per process."""

    def __init__(self, follow: Callable[[str], AsyncIterator[Batch]]) -> None:
        self._watches = {kind: _Watch(partial(follow, kind)) for kind in FOLLOWED}

    def follow(self, kind: str) -> AsyncGenerator[Batch, None]:
        """What every follower of the kind hears; ``Follow`` says what they owe one another."""
        return self._watches[kind].follow()


class _Watch:
    """The watch of one kind."""

    def __init__(self, follow: Callable[[], AsyncIterator[Batch]]) -> None:
        self._follow = follow
        self._followers: list[Inbox] = []
        self._newcomers: list[Inbox] = []
        """Followers of the next list: they have missed the beginning of this one."""
        self._is_listing = False
        self._task: asyncio.Task[None] | None = None

    async def follow(self) -> AsyncGenerator[Batch, None]:
        inbox = Inbox(maxsize=1)
        self._join(inbox)
        try:
            while not isinstance(told := await inbox.get(), Exception):
                yield told
            raise told
        finally:
            await self._leave(inbox)

    def _join(self, inbox: Inbox) -> None:
        self._newcomers.append(inbox)
        previous = self._task
        if previous is not None and not previous.done():
            if self._is_listing:
                return
            previous.cancel()
        self._is_listing = True
        self._task = asyncio.create_task(self._run(previous), name="watch")

    async def _leave(self, inbox: Inbox) -> None:
        for inboxes in (self._followers, self._newcomers):
            if inbox in inboxes:
                inboxes.remove(inbox)
        while not inbox.empty():
            inbox.get_nowait()  # The watch may wait for room in it.
        if self._task is not None and not self._followers and not self._newcomers:
            last, self._task = self._task, None
            last.cancel()
            await asyncio.wait({last})

    async def _run(self, previous: asyncio.Task[None] | None) -> None:
        if previous is not None:
            await asyncio.wait({previous})
            previous = None  # Or each watch would keep all that were before it.
        try:
            while True:
                await self._list_and_watch()
        except Exception as error:
            self._is_listing = False
            self._admit_newcomers()
            await self._tell(error)
            if not isinstance(error, StoreError):
                raise

    async def _list_and_watch(self) -> None:
        """Returns when the list is complete and somebody wants another one."""
        self._is_listing = True
        self._admit_newcomers()
        async for batch in self._follow():
            await self._tell(batch)
            if batch.news is News.COMPLETE:
                self._is_listing = False
                if self._newcomers:
                    return
        raise Unavailable("A watch of the cluster ended.")

    def _admit_newcomers(self) -> None:
        self._followers += self._newcomers
        self._newcomers.clear()

    async def _tell(self, told: Batch | Exception) -> None:
        for inbox in tuple(self._followers):
            if inbox in self._followers:  # It may have left while another one was waited for.
                await inbox.put(told)

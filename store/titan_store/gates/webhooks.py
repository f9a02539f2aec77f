"""Telling webhooks of gates: at least once each, in the background, over restarts of either side.

One task watches the gates and writes down what is to be told; one task for each webhook tells it, so that one that
hangs delays no other. What fails is tried again after a growing pause, for three days. A receiver may get a message
twice (``X-Titan-Delivery`` is then the same), and in another order.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from titan_api import names
from titan_kube.backoff import Backoff
from titan_kube.follow import News
from titan_store.cluster.shared_watches import Follow
from titan_store.errors import StoreError
from titan_store.gates.notices import NEWS_AGE, Notice, find_notice, is_news, render
from titan_store.keeping.pulses import Pulse
from titan_store.keeping.tasks import running
from titan_store.settings import Webhook
from titan_store.sqlite.deliveries import Delivery, SQLiteDeliveries
from titan_store.times import Clock

GIVE_UP_AGE = timedelta(days=3)
MEMORY = 4 * NEWS_AGE
"""How long a delivery is remembered; an event that old is never told, so none is told again."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 3600.0
TIMEOUT_SECONDS = 10.0
LOOK_SECONDS = 60.0
PAGE = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Records:
    """Where messages are recorded, and the clock that dates them."""

    deliveries: SQLiteDeliveries
    clock: Clock
    count: Callable[[bool], None]
    """Called after each try: whether the message was taken."""


@asynccontextmanager
async def telling(webhooks: Sequence[Webhook], watch: Follow, public_url: str, records: Records) -> AsyncIterator[None]:
    """Tell webhooks of the cluster's gates for the duration of the block; links begin with ``public_url``."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, AsyncExitStack() as stack:
        pulse = Pulse()
        tellers = [_Teller(records, session, webhook, pulse) for webhook in webhooks]
        for teller in tellers:
            await teller.begin()
            await stack.enter_async_context(running(teller.tell_for_ever(), "webhook"))
        await stack.enter_async_context(running(_watch_for_ever(watch, public_url, tellers, pulse), "gates"))
        yield


async def _watch_for_ever(watch: Follow, public_url: str, tellers: list["_Teller"], pulse: Pulse) -> None:
    """Record what webhooks must hear, until cancelled; after a broken watch everything is listed again."""
    backoff = Backoff(FIRST_PAUSE_SECONDS, LOOK_SECONDS)
    while True:
        message = "the watch has ended"
        try:
            async with aclosing(watch(names.KIND_APPROVAL)) as batches:
                async for batch in batches:
                    backoff.reset()
                    for approval in batch.items if batch.news is not News.GONE else ():
                        notice = find_notice(approval, public_url)
                        if notice is not None and any([await teller.note(notice) for teller in tellers]):
                            pulse.wake()
        except StoreError as error:
            message = error.message
        pause = backoff.next()
        log.warning("the gates are not watched for %.0f s: %s", pause, message)
        await asyncio.sleep(pause)


class _Teller:
    """One webhook."""

    def __init__(self, records: Records, session: aiohttp.ClientSession, webhook: Webhook, pulse: Pulse) -> None:
        self._deliveries, self._clock, self._count = records.deliveries, records.clock, records.count
        self._session = session
        self._webhook = webhook
        self._pulse = pulse
        self._hook = hashlib.sha256(f"{webhook.form} {webhook.url}".encode()).hexdigest()[:16]

    async def begin(self) -> None:
        """Remember when this webhook was first configured: what was decided before is no news to it."""
        await self._deliveries.since(self._hook, self._clock())

    async def note(self, notice: Notice) -> bool:
        """Record that this webhook must hear of it; False: it has already, or it is no news."""
        now = self._clock()
        if not is_news(notice, await self._deliveries.since(self._hook, now), now):
            return False
        body = render(notice.content, self._webhook.form)
        return await self._deliveries.add(Delivery(notice.gate, notice.event, self._hook, body), now)

    async def tell_for_ever(self) -> None:
        """Send what is due, until cancelled."""
        while True:
            ticket = self._pulse.take_ticket()
            wait = LOOK_SECONDS
            try:
                for delivery in await self._deliveries.due(self._hook, self._clock(), PAGE):
                    await self._tell(delivery)
                await self._deliveries.forget(self._clock() - MEMORY)
                due = await self._deliveries.next_due(self._hook)
                if due is not None:
                    wait = min(max((due - self._clock()).total_seconds(), 0.0), LOOK_SECONDS)
            except StoreError as error:
                log.warning("webhooks wait: %s", error.message)
            await asyncio.wait({ticket}, timeout=wait)

    async def _tell(self, delivery: Delivery) -> None:
        failure = await self._send(delivery)
        self._count(failure is None)
        now = self._clock()
        if failure is None:
            await self._deliveries.reschedule(delivery, None)
            return
        is_over = delivery.made is not None and now - delivery.made > GIVE_UP_AGE
        log.warning(
            "a webhook did not take %s of gate %s (try %s): %s%s",
            delivery.event,
            delivery.gate,
            delivery.tries + 1,
            failure,
            "; it is given up" if is_over else "",
        )
        await self._deliveries.reschedule(delivery, None if is_over else now + _pause(delivery.tries))

    async def _send(self, delivery: Delivery) -> str | None:
        """What went wrong; None: the receiver took it. The URL may be a secret and is never part of it."""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Titan-Event": delivery.event,
            "X-Titan-Delivery": f"{delivery.gate}-{delivery.event}",
        }
        try:
            if self._webhook.token_file is not None:
                token = await asyncio.to_thread(self._webhook.token_file.read_text)
                headers["Authorization"] = f"Bearer {token.strip()}"
            async with self._session.post(
                self._webhook.url, data=delivery.body.encode(), headers=headers, allow_redirects=False
            ) as reply:
                return None if 200 <= reply.status < 300 else f"it answered {reply.status}"
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return type(error).__name__


def _pause(tries: int) -> timedelta:
    seconds = min(FIRST_PAUSE_SECONDS * 2.0 ** min(tries, 20), LONGEST_PAUSE_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))

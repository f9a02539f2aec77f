"""What happens by itself: a background task that passes every event to the collector and to the namespaces."""

import asyncio
import logging

from titan_local.apiserver.catalog import CRD_TYPE
from titan_local.apiserver.collector import Collector
from titan_local.apiserver.namespaces import RETRY_SECONDS, Namespaces
from titan_local.apiserver.objects import Objects
from titan_local.apiserver.persistence.databases import StorageError
from titan_local.apiserver.persistence.storage import EVERY_RESOURCE, Event
from titan_local.apiserver.rules.errors import ApiError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 30.0
"""How often everything is looked at again while nothing happens."""


class Lifecycle:
    """Acts on events after they happened; nothing waits for it, as nothing waits for a controller."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._collector = Collector(objects)
        self._namespaces = Namespaces(objects)
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    def prepare(self) -> None:
        """Serve the kinds that are stored, make the namespaces that always exist, and learn who owns what."""
        for definition in self._objects.storage.select(CRD_TYPE.stored_as):
            self._objects.catalog.define(definition)
        self._namespaces.prepare()
        self._collector.prepare()

    async def run(self) -> None:
        """Follow events for ever."""
        self._objects.storage.listen(EVERY_RESOURCE, self._events.put_nowait)
        self._sweep()
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), SWEEP_SECONDS)
            except TimeoutError:
                self._sweep()
                continue
            try:
                self._collector.follow(event)
                if self._namespaces.follow(event):
                    retry = self._events.put_nowait
                    asyncio.get_running_loop().call_later(RETRY_SECONDS, retry, event)
            except (ApiError, StorageError) as error:
                log.warning("cannot clean up after %s: %s", event.object["metadata"]["name"], error)

    def _sweep(self) -> None:
        try:
            self._collector.sweep()
            self._namespaces.sweep()
        except (ApiError, StorageError) as error:
            log.warning("cannot clean up: %s", error)

"""Kubernetes Events about Titan's objects: few, written after the status, and never delaying a pass.

The name is derived from the content, so the same Event is written once, also across restarts.
"""

import asyncio
import hashlib
import logging

from titan_api import names
from titan_api.times import format_second
from titan_kube.errors import AlreadyExists, APIError
from titan_operator.clocks import Clock
from titan_operator.cluster.gateway import Gateway
from titan_operator.plan.decisions import Note
from titan_operator.records import ApprovalRecord, DAGRecord, JobRecord

log = logging.getLogger(__name__)

COMPONENT = "titan-operator"
WAITING_EVENTS = 1_000
"""Events beyond this number of unwritten ones are dropped: nothing depends on them."""
REMEMBERED_EVENTS = 4_096
LONGEST_MESSAGE = 1_024


class Events:
    """A bounded queue of Events and the task that writes them."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._known: dict[str, None] = {}
        self._waiting: asyncio.Queue[dict[str, object]] = asyncio.Queue(WAITING_EVENTS)

    def post(self, record: DAGRecord | JobRecord | ApprovalRecord, note: Note) -> None:
        """Write an Event soon, unless it was written before."""
        said = f"{record.meta.uid}/{note.reason}/{note.message}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        if digest in self._known or self._waiting.full():
            return
        self._known[digest] = None
        if len(self._known) > REMEMBERED_EVENTS:
            del self._known[next(iter(self._known))]
        self._waiting.put_nowait(self._event(record, note, digest))

    @property
    def waiting(self) -> int:
        """Events that are not written yet."""
        return self._waiting.qsize()

    async def run(self) -> None:
        """Write what is posted, for ever."""
        while True:
            await self.write_next()

    async def write_next(self) -> None:
        """Write one Event; it is not tried again."""
        event = await self._waiting.get()
        involved = event["involvedObject"]
        assert isinstance(involved, dict)
        try:
            await self._gateway.create("Event", str(involved["namespace"]), event)
        except AlreadyExists:
            log.debug("this Event was written before: %s", event["message"])
        except APIError as error:
            log.info("an Event was lost: %s", error)

    def _event(self, record: DAGRecord | JobRecord | ApprovalRecord, note: Note, digest: str) -> dict[str, object]:
        now = format_second(self._clock.now())
        kind, namespace, name = record.key
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": f"{name[:236]}.{digest}", "namespace": namespace},
            "involvedObject": {
                "apiVersion": names.API_VERSION,
                "kind": kind,
                "namespace": namespace,
                "name": name,
                "uid": record.meta.uid,
            },
            "type": note.type,
            "reason": note.reason,
            "message": note.message[:LONGEST_MESSAGE],
            "source": {"component": COMPONENT},
            "reportingComponent": COMPONENT,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }

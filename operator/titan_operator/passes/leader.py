"""Who of several operators writes: the holder of a Lease of coordination.k8s.io.

The rule that keeps it to one: a holder writes nothing once ``renewDeadline`` has passed since it *sent* its last
successful renewal; a request takes less than ``leaseDuration - renewDeadline``; and nobody takes a Lease over before
``leaseDuration`` has passed since it *saw* it change. Only elapsed time is compared, never two machines' clocks.

Elapsed time is the larger one of two measures: the monotonic clock stands still while a machine sleeps, and the time
of day may be set back. What a process that was frozen between the question and the request sends all the same is
refused by the second line of defence: resourceVersions, uids and names (see execute.py).
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from titan_api.json_types import Raw
from titan_api.times import format_time
from titan_kube.errors import AlreadyExists, APIError, Conflict, NotFound
from titan_operator.clocks import Clock
from titan_operator.cluster.gateway import Gateway
from titan_operator.settings import LeaderElectionSettings

log = logging.getLogger(__name__)

KIND_LEASE = "Lease"


@dataclass(frozen=True)
class Moment:
    """A moment by both clocks."""

    monotonic: float
    wall: datetime

    def elapsed(self, since: "Moment") -> float:
        """Seconds since then, by the clock that says more."""
        return max(self.monotonic - since.monotonic, (self.wall - since.wall).total_seconds())


class Leadership(Protocol):
    """Whether this process may write."""

    def may_write(self) -> bool:
        """Asked right before each write."""
        ...


class Alone:
    """No election: this is the only operator."""

    def may_write(self) -> bool:
        """Always."""
        return True


class Election:
    """One candidate. ``step`` is one try to take or renew the Lease; ``run`` makes them for ever."""

    def __init__(self, gateway: Gateway, clock: Clock, settings: LeaderElectionSettings, identity: str) -> None:
        self._gateway = gateway
        self._clock = clock
        self._settings = settings
        self._identity = identity
        self._renewed: Moment | None = None
        """When the last successful renewal was sent; None: not the leader."""
        self._seen: tuple[str, Moment] | None = None
        """The Lease's resourceVersion, and when it was first seen."""

    def may_write(self) -> bool:
        """Whether the Lease is ours for as long as a request may take."""
        return self._renewed is not None and self._now().elapsed(self._renewed) <= self._settings.renew_deadline_seconds

    async def run(self, take_over: Callable[[], None], stand_by: Callable[[], None]) -> None:
        """Run for ever, and report each change of leadership. The callbacks must not wait, or renewals stop."""
        was_leader = False
        while True:
            await self.step()
            is_leader = self.may_write()
            if is_leader != was_leader:
                log.warning("this operator %s", "leads" if is_leader else "stands by")
                (take_over if is_leader else stand_by)()
                was_leader = is_leader
            await self._clock.sleep(self._settings.retry_period_seconds)

    async def step(self) -> None:
        """Try once to take or renew the Lease. A failure changes nothing: only time ends a leadership."""
        sent = self._now()
        try:
            lease = await self._gateway.get(KIND_LEASE, self._settings.namespace, self._settings.name)
        except NotFound:
            await self._claim(sent, self._create)
            return
        except APIError as error:
            log.info("the Lease cannot be read: %s", error)
            return
        spec = lease.get("spec") or {}
        holder = spec.get("holderIdentity") or ""
        if holder != self._identity:
            self._renewed = None
            if holder and not self._has_expired(lease, spec):
                return
        await self._claim(sent, lambda: self._take(lease, spec))

    async def release(self) -> None:
        """Give the Lease back, so that the next leader need not wait. Once this has begun, nothing is written."""
        if not self.may_write():
            return
        self._renewed = None
        try:
            lease = await self._gateway.get(KIND_LEASE, self._settings.namespace, self._settings.name)
            if (lease.get("spec") or {}).get("holderIdentity") == self._identity:
                await self._patch(lease, {"holderIdentity": "", "leaseDurationSeconds": 1})
        except APIError as error:
            log.info("the Lease could not be given back: %s", error)

    async def _claim(self, sent: Moment, write: Callable[[], Awaitable[Raw]]) -> None:
        try:
            await write()
        except (Conflict, AlreadyExists):
            self._renewed = None  # Somebody else was quicker; if it was we ourselves, the next step will see it.
        except APIError as error:
            log.info("the Lease cannot be written: %s", error)
        else:
            self._renewed = sent

    def _has_expired(self, lease: Raw, spec: Raw) -> bool:
        version = str(lease["metadata"]["resourceVersion"])
        if self._seen is None or self._seen[0] != version:
            self._seen = (version, self._now())
        promised = float(spec.get("leaseDurationSeconds") or self._settings.lease_duration_seconds)
        # Monotonic time alone: a time of day that jumps ahead must not end somebody else's lease.
        return self._now().monotonic - self._seen[1].monotonic > promised

    async def _create(self) -> Raw:
        meta = {"name": self._settings.name, "namespace": self._settings.namespace}
        spec = self._spec() | {"acquireTime": format_time(self._clock.now()), "leaseTransitions": 0}
        body = {"apiVersion": "coordination.k8s.io/v1", "kind": KIND_LEASE, "metadata": meta, "spec": spec}
        return await self._gateway.create(KIND_LEASE, self._settings.namespace, body)

    async def _take(self, lease: Raw, spec: Raw) -> Raw:
        changes = self._spec()
        if spec.get("holderIdentity") != self._identity:
            changes |= {
                "acquireTime": format_time(self._clock.now()),
                "leaseTransitions": int(spec.get("leaseTransitions") or 0) + 1,
            }
        return await self._patch(lease, changes)

    async def _patch(self, lease: Raw, spec: dict[str, Any]) -> Raw:
        body = {"metadata": {"resourceVersion": lease["metadata"]["resourceVersion"]}, "spec": spec}
        return await self._gateway.patch(KIND_LEASE, self._settings.namespace, self._settings.name, body)

    def _spec(self) -> dict[str, Any]:
        return {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": int(self._settings.lease_duration_seconds),
            "renewTime": format_time(self._clock.now()),
        }

    def _now(self) -> Moment:
        return Moment(self._clock.monotonic(), self._clock.now())

"""Whose turn it is in a DAG with spec.maxParallel: its pods are counted, and jobs that are ready stand in a line.

Each event costs one step (of a heap, at most). The higher priority is first, then the older job. Only jobs that could
start this very moment stand in the line: one that is suspended or cancelled leaves it at its next pass, so nobody
waits behind somebody who does not want to start. Pods of services do not count, for they do not end by themselves.
"""

import heapq
from dataclasses import dataclass, field
from datetime import datetime

from titan_operator.records import JobRecord, PodRecord

Rank = tuple[int, datetime, str]


def rank_of(job: JobRecord) -> Rank:
    """Where a job stands: higher priority first, then first-in first-out."""
    return -job.priority, job.meta.created, job.meta.name


@dataclass(slots=True)
class Turns:
    """The pods of one DAG that have not ended, and the jobs that wait for one of them to end."""

    limit: int | None = None
    """spec.maxParallel; None: everybody may start."""
    _living: set[str] = field(default_factory=set)
    """Names of pods."""
    _promised: set[str] = field(default_factory=set)
    """Names of pods that are being created by a pass."""
    _waiting: dict[str, Rank] = field(default_factory=dict)
    """By name of the job."""
    _line: list[Rank] = field(default_factory=list)
    """A heap; entries that ``_waiting`` does not confirm are stale."""

    def follow_pod(self, pod: PodRecord, *, is_gone: bool) -> None:
        """Count a pod as long as its containers may run."""
        self._promised.discard(pod.meta.name)
        if is_gone or pod.has_ended:
            self._living.discard(pod.meta.name)
        else:
            self._living.add(pod.meta.name)

    def may_start(self, job: JobRecord) -> bool:
        """Whether the job may start a pod now: there is room, and nobody with a better right waits."""
        if self.limit is None:
            return True
        head = self._head()
        return self._has_room and (head is None or rank_of(job) <= head)

    def queue_up(self, job: JobRecord) -> None:
        """The job is ready, and waits for its turn."""
        rank = rank_of(job)
        if self._waiting.get(job.meta.name) != rank:
            self._waiting[job.meta.name] = rank
            heapq.heappush(self._line, rank)

    def leave(self, job: str) -> None:
        """The job does not wait for its turn any more."""
        self._waiting.pop(job, None)

    def promise(self, pod: str) -> None:
        """A pass is about to create this pod; call ``release`` when it has."""
        if pod not in self._living:
            self._promised.add(pod)

    def release(self, pod: str) -> None:
        """The pass is over: the pod is there and counted, or was not created."""
        self._promised.discard(pod)

    def next_job(self) -> str | None:
        """Name of the job that shall look again, because there is room for it."""
        head = self._head() if self._has_room else None
        return head[2] if head is not None else None

    @property
    def taken(self) -> int:
        """Pods that are there or about to be."""
        return len(self._living) + len(self._promised)

    @property
    def _has_room(self) -> bool:
        return self.limit is None or self.taken < self.limit

    def _head(self) -> Rank | None:
        while self._line and self._waiting.get(self._line[0][2]) != self._line[0]:
            heapq.heappop(self._line)
        return self._line[0] if self._line else None

"""spec.maxParallel of a DAG: its active pods are counted, and jobs that are ready to start wait in a queue.

Each event costs at most one step of a heap. The higher priority is first, then the older job. Only jobs that could
start right now are in the queue: one that is suspended or cancelled leaves it at its next pass, so no job waits
behind another that cannot start. Pods of services are not counted, because they do not end by themselves.
"""

import heapq
from dataclasses import dataclass, field
from datetime import datetime

from titan_operator.records import JobRecord, PodRecord

Rank = tuple[int, datetime, str]


def rank_of(job: JobRecord) -> Rank:
    """The order of the queue: higher priority first, then first in, first out."""
    return -job.priority, job.meta.created, job.meta.name


@dataclass(slots=True)
class ParallelLimit:
    """The pods of one DAG that have not ended, and the jobs that wait for one of them to end."""

    limit: int | None = None
    """spec.maxParallel; None: no limit."""
    _active: set[str] = field(default_factory=set)
    """Names of pods."""
    _reserved: set[str] = field(default_factory=set)
    """Names of pods that are being created by a pass."""
    _waiting: dict[str, Rank] = field(default_factory=dict)
    """By name of the job."""
    _heap: list[Rank] = field(default_factory=list)
    """A heap; entries that ``_waiting`` does not confirm are stale."""

    def follow_pod(self, pod: PodRecord, *, is_gone: bool) -> None:
        """Count a pod as long as its containers may run."""
        self._reserved.discard(pod.meta.name)
        if is_gone or pod.has_ended:
            self._active.discard(pod.meta.name)
        else:
            self._active.add(pod.meta.name)

    def may_start(self, job: JobRecord) -> bool:
        """Whether the job may start a pod now: there is room, and no job before it waits."""
        if self.limit is None:
            return True
        head = self._head()
        return self._has_room and (head is None or rank_of(job) <= head)

    def queue_up(self, job: JobRecord) -> None:
        """The job is ready, and waits for room."""
        rank = rank_of(job)
        if self._waiting.get(job.meta.name) != rank:
            self._waiting[job.meta.name] = rank
            heapq.heappush(self._heap, rank)

    def leave(self, job: str) -> None:
        """The job does not wait for room any more."""
        self._waiting.pop(job, None)

    def reserve(self, pod: str) -> None:
        """A pass is about to create this pod; call ``release`` when the pass is over."""
        if pod not in self._active:
            self._reserved.add(pod)

    def release(self, pod: str) -> None:
        """The pass is over: the pod exists and is counted, or was not created."""
        self._reserved.discard(pod)

    def next_job(self) -> str | None:
        """The name of the job that may start now; None if there is no room, or no job waits."""
        head = self._head() if self._has_room else None
        return head[2] if head is not None else None

    @property
    def taken(self) -> int:
        """Pods that exist or are about to be created."""
        return len(self._active) + len(self._reserved)

    @property
    def _has_room(self) -> bool:
        return self.limit is None or self.taken < self.limit

    def _head(self) -> Rank | None:
        while self._heap and self._waiting.get(self._heap[0][2]) != self._heap[0]:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

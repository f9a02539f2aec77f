"""What this process expects because of what it has seen and written: pods, outcomes, writes of unknown fate.

Kept in memory only, and not needed for correctness after a restart: it tells "this pod is gone" from "this pod was
never there", and saves questions to the store.
"""

from dataclasses import dataclass, field
from datetime import datetime

from titan_operator.plan.observed import Wait
from titan_operator.records import Outcome


@dataclass(slots=True)
class Trace:
    """What was seen of one TitanJob, by attempt."""

    first_seen: dict[int, datetime] = field(default_factory=dict)
    """When the pod of an attempt was created or seen first; from its start on, when it was first seen running."""
    ran: set[int] = field(default_factory=set)
    """Attempts whose pod was seen running."""
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    must_ask: bool = False
    """Somebody else, or a write whose answer was lost, may have started the next attempt: ask the store first."""
    refreshed_version: int = -1
    """resourceVersion of the TitanJob when it was last read anew because its pods were ahead of it."""
    waits: Wait | None = None
    """What the job waited for in the last pass: only a wait that lasts is worth a write."""


class Expectations:
    """Traces by uid of the TitanJob, and the DAGs' last status writes."""

    def __init__(self) -> None:
        self._traces: dict[str, Trace] = {}
        self._dag_writes: dict[str, datetime] = {}

    def trace(self, job_uid: str) -> Trace:
        """What is remembered of a job, for reading."""
        return self._traces.get(job_uid) or Trace()

    def saw_pod(self, job_uid: str, attempt: int, now: datetime, *, is_running: bool) -> None:
        """A pod of that attempt exists. It may have waited for long before it runs: that is a beginning of its own."""
        trace = self._open(job_uid)
        if is_running and attempt not in trace.ran:
            trace.ran.add(attempt)
            trace.first_seen[attempt] = now
        trace.first_seen.setdefault(attempt, now)

    def record(self, job_uid: str, outcome: Outcome) -> bool:
        """Keep an outcome from the store; returns whether it is new."""
        outcomes = self._open(job_uid).outcomes
        if outcome.attempt in outcomes:
            return False
        outcomes[outcome.attempt] = outcome
        return True

    def doubt(self, job_uid: str) -> None:
        """The next attempt may have been started already."""
        self._open(job_uid).must_ask = True

    def settle_doubt(self, job_uid: str) -> None:
        """This process started the attempt itself, so nobody can have started the one after it."""
        self._open(job_uid).must_ask = False

    def refreshed(self, job_uid: str, resource_version: int) -> None:
        """The job was read anew at that version."""
        self._open(job_uid).refreshed_version = resource_version

    def wait(self, job_uid: str, wait: Wait | None) -> None:
        """Remember what the job waits for."""
        if wait is not None or job_uid in self._traces:
            self._open(job_uid).waits = wait

    def forget(self, job_uid: str) -> None:
        """The job has ended or is gone."""
        self._traces.pop(job_uid, None)

    def wrote_dag(self, dag_uid: str, now: datetime) -> None:
        """This process wrote the DAG's status."""
        self._dag_writes[dag_uid] = now

    def last_dag_write(self, dag_uid: str) -> datetime | None:
        """When this process last wrote the DAG's status."""
        return self._dag_writes.get(dag_uid)

    def forget_dag(self, dag_uid: str) -> None:
        """The DAG is gone."""
        self._dag_writes.pop(dag_uid, None)

    def __len__(self) -> int:
        return len(self._traces)

    def _open(self, job_uid: str) -> Trace:
        return self._traces.setdefault(job_uid, Trace())

"""Which jobs could start now, and in which order they will: pure functions of records and the time."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from titan_api import names
from titan_api.times import parse_time
from titan_store.views.cached.records import DagRecord, JobRecord

FIND_DAG = Callable[[str, str], DagRecord | None]
LOWEST_CLASS, HIGHEST_CLASS = 1, 10
"""The scheduler has no finer priorities; see ``names.priority_class_name``."""

_HOLDS = frozenset(
    {names.REASON_SUSPENDED, names.REASON_DELAYED, names.REASON_BACK_OFF, names.REASON_GATE_OPEN, names.REASON_REFUSED}
)
"""Reasons to wait that more room would not end."""


def line_up(jobs: Iterable[JobRecord], find_dag: FIND_DAG, now: datetime) -> list[JobRecord]:
    """The jobs whose parents are done and that have no pod or no node yet, in the order in which they will start."""
    waiting = [job for job in jobs if could_start(job, find_dag, now)]
    return sorted(waiting, key=lambda job: (-_class_of(job), job.ready or job.created, job.age))


def could_start(job: JobRecord, find_dag: FIND_DAG, now: datetime) -> bool:
    """Whether nothing but room and its turn is missing."""
    if job.phase != "Pending" or job.suspended or job.cancelling or job.held_by in _HOLDS:
        return False
    if job.ready is None and not job.unplaced:
        return False
    if job.node is not None and job.held_by != names.REASON_PARALLEL_LIMIT:
        return False
    if job.dag is not None:
        dag = find_dag(job.namespace, job.dag)
        if dag is None or dag.suspended or dag.cancelling or dag.is_final:
            return False
    return not job.delay_milliseconds or not _is_delayed(job, now)


def lacks_room(job: JobRecord) -> bool:
    """Whether more nodes would let it start; its DAG's own limit would not."""
    return job.held_by != names.REASON_PARALLEL_LIMIT


def _is_delayed(job: JobRecord, now: datetime) -> bool:
    ready = parse_time(job.ready)
    return ready is not None and ready + timedelta(milliseconds=job.delay_milliseconds) > now


def _class_of(job: JobRecord) -> int:
    return min(max(job.priority, LOWEST_CLASS), HIGHEST_CLASS)

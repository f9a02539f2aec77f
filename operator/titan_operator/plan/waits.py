"""Why Titan itself holds a job back, and how it says so: condition Waiting, written once, and only if it lasts."""

from dataclasses import replace
from datetime import datetime, timedelta

from titan_api import defaults, names
from titan_api.job_fields import default_of
from titan_api.times import format_time
from titan_operator.plan.conditions import find_condition, with_condition, without_condition
from titan_operator.plan.decisions import JobPlan
from titan_operator.plan.observed import ObservedJob, Wait
from titan_operator.records import Condition, JobRecord, JobStatus

TELL_AFTER_SECONDS = 1.0
"""A shorter wait is not worth a write."""

_OF_WAITING = (names.CONDITION_WAITING, names.CONDITION_SCHEDULED, names.CONDITION_OUTCOME_UNKNOWN)


def hold(
    seen: ObservedJob, reason: str, message: str, *, until: datetime | None = None, queues_up: bool = False
) -> JobPlan:
    """Keep the job waiting, for good or until a moment; the same wait is written once."""
    is_same = seen.waits is not None and seen.waits.reason == reason
    wait = seen.waits if seen.waits is not None and is_same else Wait(reason, seen.now)
    remaining = (until - seen.now).total_seconds() if until is not None else None
    told = find_condition(seen.job.status.conditions, names.CONDITION_WAITING)
    if told is not None and (told.status, told.reason, told.message) == ("True", reason, message):
        return JobPlan(requeue_after=remaining, wait=wait, queues_up=queues_up)
    lasts = ((until if until is not None else seen.now) - wait.since).total_seconds()
    if lasts < TELL_AFTER_SECONDS:
        pause = remaining if remaining is not None else TELL_AFTER_SECONDS - lasts
        return JobPlan(requeue_after=pause, wait=wait, queues_up=queues_up)
    conditions = with_condition(seen.job.status.conditions, names.CONDITION_WAITING, True, reason, message, seen.now)
    status = replace(
        seen.job.status,
        ready=seen.job.status.ready or (ready_time(seen) if not seen.parents.unmet else None),
        conditions=conditions,
        observed_generation=seen.job.meta.generation,
    )
    return JobPlan(status=status, requeue_after=remaining, wait=wait, queues_up=queues_up)


def refused(seen: ObservedJob, words: str) -> JobStatus:
    """The status of a job whose pod the API server refuses, in the server's words."""
    conditions = with_condition(
        seen.job.status.conditions, names.CONDITION_WAITING, True, names.REASON_REFUSED, words, seen.now
    )
    return replace(seen.job.status, conditions=conditions, observed_generation=seen.job.meta.generation)


def settled(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Without the conditions that speak of waiting, now that there is something else to say."""
    for kind in _OF_WAITING:
        conditions = without_condition(conditions, kind)
    return conditions


def ready_time(seen: ObservedJob) -> datetime:
    """The moment from which a delay counts: the last parent's end, or the sealing of the graph for the first jobs."""
    if seen.parents.done is not None:
        return seen.parents.done
    sealed = seen.dag.status.started if seen.dag is not None else None
    return sealed if sealed is not None else seen.job.meta.created


def back_off_end(job: JobRecord, status: JobStatus) -> datetime | None:
    """When the pause before a repetition is over: it doubles with each failure of this run, up to the longest one."""
    last = status.attempts[-1] if status.attempts else None
    failures = status.failures + status.infrastructure_failures
    if last is None or last.ended is None or not failures:
        return None
    retry = job.spec.get("retry", {})
    first = float(retry.get("backoffSeconds", defaults.BACKOFF_SECONDS))
    longest = float(retry.get("maxBackoffSeconds", default_of("max_backoff")))
    pause = min(first * 2.0 ** min(failures - 1, 20), longest)
    return last.ended + timedelta(seconds=pause)


def back_off_message(attempt: int, until: datetime) -> str:
    """The words for the pause before an attempt."""
    return f"attempt {attempt} starts at {format_time(until)}"

"""Following the attempt that was started: Pending, Running, and what its end makes of the job."""

from dataclasses import replace

from titan_operator.plan.attempts import Ended, Living, Undecided, judge, start_of
from titan_operator.plan.conditions import find_condition, with_condition, without_condition
from titan_operator.plan.decisions import JobPlan, Note, delete_pod
from titan_operator.plan.observed import Lookup, ObservedJob
from titan_operator.records import Attempt, Condition, JobStatus, PodRecord
from titan_sdk.api import names

KEPT_ATTEMPTS = 10
STORE_RETRY_SECONDS = 2.0


def follow_attempt(seen: ObservedJob, number: int) -> JobPlan:
    """The plan while an attempt's end is not in status."""
    fate = judge(seen, number)
    match fate:
        case Living(pod):
            return _follow_living(seen, number, pod)
        case Undecided(lookup):
            return waits_for_store(seen, number, lookup)
        case Ended():
            return _record_end(seen, fate)


def cancelled(seen: ObservedJob) -> JobPlan | None:
    """The plan for a job without a living attempt that shall not run any more; None if it may run."""
    stop = _reason_to_stop(seen)
    if stop is None:
        return None
    reason, message = stop
    return JobPlan(status=_with_end(seen, seen.job.status, "Cancelled", reason, message))


def waits_for_store(seen: ObservedJob, number: int, lookup: Lookup) -> JobPlan:
    """Nothing can be decided before the store was asked; while it is away the job stays as it is, and says so."""
    if lookup is not Lookup.UNREACHABLE:
        return JobPlan(ask_outcome=number)
    known = find_condition(seen.job.status.conditions, names.CONDITION_OUTCOME_UNKNOWN)
    if known is not None and known.status == "True":
        return JobPlan(requeue_after=STORE_RETRY_SECONDS)
    message = f"the pod of attempt {number} is gone or failed, and the store cannot be asked for its outcome"
    conditions = with_condition(
        seen.job.status.conditions,
        names.CONDITION_OUTCOME_UNKNOWN, True, names.REASON_STORE_UNREACHABLE, message, seen.now,
    )  # fmt: skip
    return JobPlan(status=replace(seen.job.status, conditions=conditions), requeue_after=STORE_RETRY_SECONDS)


def _follow_living(seen: ObservedJob, number: int, pod: PodRecord) -> JobPlan:
    if _reason_to_stop(seen) is not None:
        return JobPlan() if pod.meta.deleting else JobPlan(actions=(delete_pod(pod),))
    if pod.phase != "Running":
        return _follow_pending(seen, pod)
    lasted = (seen.now - seen.first_seen.get(number, seen.now)).total_seconds()
    remaining = seen.settings.running_write_seconds - lasted
    status = _running(seen, number, pod)
    if status == seen.job.status:
        return JobPlan()
    return JobPlan(requeue_after=remaining) if remaining > 0 else JobPlan(status=status)


def _follow_pending(seen: ObservedJob, pod: PodRecord) -> JobPlan:
    """Unschedulable is not failed: the job waits, and quotes the scheduler or the kubelet."""
    words = (
        (names.REASON_UNSCHEDULABLE, pod.unschedulable) if pod.unschedulable else (names.REASON_WAITING, pod.waiting)
    )
    reason, message = words
    if not message:
        return JobPlan()
    known = find_condition(seen.job.status.conditions, names.CONDITION_SCHEDULED)
    if known is not None and (known.status, known.reason, known.message) == ("False", reason, message[:4096]):
        return JobPlan()
    conditions = with_condition(seen.job.status.conditions, names.CONDITION_SCHEDULED, False, reason, message, seen.now)
    return JobPlan(status=replace(seen.job.status, conditions=conditions))


def _running(seen: ObservedJob, number: int, pod: PodRecord) -> JobStatus:
    status = seen.job.status
    attempt = start_of(seen, number, pod)
    return replace(
        status,
        phase="Running",
        attempt=number,
        attempts=_with_attempt(status.attempts, attempt),
        node=pod.node,
        started=status.started or attempt.started or seen.now,
        conditions=_settled_conditions(status.conditions),
        observed_generation=seen.job.meta.generation,
    )


def _record_end(seen: ObservedJob, end: Ended) -> JobPlan:
    """One write: the attempt's end, and the phase that follows from it."""
    before, attempt = seen.job.status, end.attempt
    failed_by_itself = not end.is_success and not end.is_infrastructure
    status = replace(
        before,
        attempt=attempt.number,
        attempts=_with_attempt(before.attempts, attempt),
        node=attempt.node,
        started=before.started or attempt.started,
        failures=before.failures + failed_by_itself,
        infrastructure_failures=before.infrastructure_failures + end.is_infrastructure,
        conditions=_settled_conditions(before.conditions),
        observed_generation=seen.job.meta.generation,
    )
    if end.is_success:
        return JobPlan(status=_with_success(seen, status))
    what = _describe(attempt)
    stop = _reason_to_stop(seen)
    if stop is not None:
        return JobPlan(status=_with_end(seen, status, "Cancelled", *stop))
    limit = int(seen.job.spec.get("retry", {}).get("limit", 3))
    if failed_by_itself and status.failures > limit:
        final = _with_end(seen, status, "Failed", names.REASON_RETRIES_EXHAUSTED, f"{what}; no attempts are left")
        return JobPlan(status=final, notes=(Note("Warning", "JobFailed", what),))
    if end.is_infrastructure and status.infrastructure_failures > seen.settings.infrastructure_limit:
        final = _with_end(seen, status, "Failed", names.REASON_INFRASTRUCTURE, f"{what}; no attempts are left")
        return JobPlan(status=final, notes=(Note("Warning", "JobFailed", what),))
    return JobPlan(status=replace(status, phase="Pending"), notes=(Note("Warning", "AttemptFailed", what),))


def _with_success(seen: ObservedJob, status: JobStatus) -> JobStatus:
    message = f"attempt {status.attempt} succeeded"
    conditions = with_condition(
        status.conditions, names.CONDITION_COMPLETE, True, names.REASON_COMPLETED, message, seen.now
    )
    gate = (seen.approval.status.phase if seen.approval is not None else "Scheduled") if seen.job.has_gate else None
    return replace(status, phase="Succeeded", completed=seen.now, approval=gate, conditions=conditions)


def _with_end(seen: ObservedJob, status: JobStatus, phase: str, reason: str, message: str) -> JobStatus:
    conditions = with_condition(
        _settled_conditions(status.conditions), names.CONDITION_FAILED, True, reason, message, seen.now
    )
    generation = seen.job.meta.generation
    return replace(status, phase=phase, completed=seen.now, conditions=conditions, observed_generation=generation)


def _reason_to_stop(seen: ObservedJob) -> tuple[str, str] | None:
    if seen.job.cancel:
        return names.REASON_CANCELLED, "the job was cancelled"
    if seen.dag is None:
        return None
    if seen.dag.cancel:
        return names.REASON_CANCELLED, "the DAG was cancelled"
    if seen.dag.has_ended:
        why = find_condition(seen.dag.status.conditions, names.CONDITION_FAILED)
        return names.REASON_DAG_ENDED, f"the DAG has ended: {why.message}" if why is not None else "the DAG has ended"
    return None


def _settled_conditions(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Without the conditions that speak of waiting, now that there is something to say."""
    return without_condition(without_condition(conditions, names.CONDITION_SCHEDULED), names.CONDITION_OUTCOME_UNKNOWN)


def _with_attempt(attempts: tuple[Attempt, ...], attempt: Attempt) -> tuple[Attempt, ...]:
    others = tuple(other for other in attempts if other.number != attempt.number)
    return (*others, attempt)[-KEPT_ATTEMPTS:]


def _describe(attempt: Attempt) -> str:
    code = f" with exit code {attempt.exit_code}" if attempt.exit_code is not None else ""
    details = f": {attempt.message}" if attempt.message else ""
    return f"attempt {attempt.number} ended{code} ({attempt.reason}){details}"

"""Following the attempt that was started: Pending, Running, and what its end makes of the job."""

from dataclasses import replace

from titan_api import defaults, names
from titan_operator.plan.attempts import Ended, Living, Undecided, judge, start_of
from titan_operator.plan.conditions import find_condition, with_condition
from titan_operator.plan.decisions import JobPlan, Note, delete_pod
from titan_operator.plan.observed import Lookup, ObservedJob
from titan_operator.plan.runs import stop_reason
from titan_operator.plan.waits import TELL_AFTER_SECONDS, back_off_end, back_off_message, ready_time, settled
from titan_operator.plan.workspaces import conflict_notes
from titan_operator.records import Attempt, JobStatus, PodRecord

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
            plan = _record_end(seen, fate)
            return replace(plan, notes=(*conflict_notes(seen, number), *plan.notes))


def cancelled(seen: ObservedJob) -> JobPlan | None:
    """The plan for a job without a living attempt that shall not run any more; None if it may run."""
    stop = stop_reason(seen)
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
    if stop_reason(seen) is not None:
        return JobPlan() if pod.meta.deleting else JobPlan(actions=(delete_pod(pod),))
    if pod.phase != "Running":
        return _follow_pending(seen, number, pod)
    lasted = (seen.now - seen.first_seen.get(number, seen.now)).total_seconds()
    remaining = seen.settings.running_write_seconds - lasted
    status = _running(seen, number, pod)
    if status == seen.job.status:
        return JobPlan()
    return JobPlan(requeue_after=remaining) if remaining > 0 else JobPlan(status=status)


def _follow_pending(seen: ObservedJob, number: int, pod: PodRecord) -> JobPlan:
    """Unschedulable is not failed: the job waits, and quotes the scheduler or the kubelet."""
    words = (
        (names.REASON_UNSCHEDULABLE, pod.unschedulable) if pod.unschedulable else (names.REASON_WAITING, pod.waiting)
    )
    reason, message = words
    if not message:
        return _forget_the_wait(seen, number)
    known = find_condition(seen.job.status.conditions, names.CONDITION_SCHEDULED)
    if known is not None and (known.status, known.reason, known.message) == ("False", reason, message[:4096]):
        return JobPlan()
    others = seen.job.status.conditions if known is not None else settled(seen.job.status.conditions)
    conditions = with_condition(others, names.CONDITION_SCHEDULED, False, reason, message, seen.now)
    return JobPlan(status=replace(seen.job.status, conditions=conditions))


def _forget_the_wait(seen: ObservedJob, number: int) -> JobPlan:
    """What the job waited for before its pod was created is news no more; mostly the Running write says so, soon."""
    status = replace(seen.job.status, conditions=settled(seen.job.status.conditions))
    if status == seen.job.status:
        return JobPlan()
    remaining = TELL_AFTER_SECONDS - (seen.now - seen.first_seen.get(number, seen.now)).total_seconds()
    return JobPlan(requeue_after=remaining) if remaining > 0 else JobPlan(status=status)


def _running(seen: ObservedJob, number: int, pod: PodRecord) -> JobStatus:
    status = seen.job.status
    attempt = start_of(seen, number, pod)
    return replace(
        status,
        phase="Running",
        attempt=number,
        attempts=_with_attempt(status.attempts, attempt),
        node=pod.node,
        ready=status.ready or ready_time(seen),
        started=status.started or attempt.started or seen.now,
        conditions=settled(status.conditions),
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
        ready=before.ready or ready_time(seen),
        started=before.started or attempt.started,
        failures=before.failures + failed_by_itself,
        infrastructure_failures=before.infrastructure_failures + end.is_infrastructure,
        conditions=settled(before.conditions),
        observed_generation=seen.job.meta.generation,
    )
    if end.is_success:
        return JobPlan(status=_with_success(seen, status))
    what = _describe(attempt)
    stop = stop_reason(seen)
    if stop is not None:
        return JobPlan(status=_with_end(seen, status, "Cancelled", *stop))
    limit = int(seen.job.spec.get("retry", {}).get("limit", defaults.RETRY_LIMIT))
    if failed_by_itself and status.failures > limit:
        final = _with_end(seen, status, "Failed", names.REASON_RETRIES_EXHAUSTED, f"{what}; no attempts are left")
        return JobPlan(status=final, notes=(Note("Warning", "JobFailed", what),))
    if end.is_infrastructure and status.infrastructure_failures > seen.settings.infrastructure_limit:
        final = _with_end(seen, status, "Failed", names.REASON_INFRASTRUCTURE, f"{what}; no attempts are left")
        return JobPlan(status=final, notes=(Note("Warning", "JobFailed", what),))
    return JobPlan(status=_with_pause(seen, status), notes=(Note("Warning", "AttemptFailed", what),))


def _with_pause(seen: ObservedJob, status: JobStatus) -> JobStatus:
    """Pending again; a pause that is worth a word gets it in the same write."""
    until = back_off_end(seen.job, status)
    if until is None or (until - seen.now).total_seconds() < TELL_AFTER_SECONDS:
        return replace(status, phase="Pending")
    message = back_off_message(status.attempt + 1, until)
    conditions = with_condition(
        status.conditions, names.CONDITION_WAITING, True, names.REASON_BACK_OFF, message, seen.now
    )
    return replace(status, phase="Pending", conditions=conditions)


def _with_success(seen: ObservedJob, status: JobStatus) -> JobStatus:
    message = f"attempt {status.attempt} succeeded"
    conditions = with_condition(
        status.conditions, names.CONDITION_COMPLETE, True, names.REASON_COMPLETED, message, seen.now
    )
    gate = (seen.approval.status.phase if seen.approval is not None else "Scheduled") if seen.job.has_gate else None
    return replace(status, phase="Succeeded", completed=seen.now, approval=gate, conditions=conditions)


def _with_end(seen: ObservedJob, status: JobStatus, phase: str, reason: str, message: str) -> JobStatus:
    conditions = with_condition(settled(status.conditions), names.CONDITION_FAILED, True, reason, message, seen.now)
    generation = seen.job.meta.generation
    return replace(status, phase=phase, completed=seen.now, conditions=conditions, observed_generation=generation)


def _with_attempt(attempts: tuple[Attempt, ...], attempt: Attempt) -> tuple[Attempt, ...]:
    others = tuple(other for other in attempts if other.number != attempt.number)
    return (*others, attempt)[-KEPT_ATTEMPTS:]


def _describe(attempt: Attempt) -> str:
    code = f" with exit code {attempt.exit_code}" if attempt.exit_code is not None else ""
    details = f": {attempt.message}" if attempt.message else ""
    return f"attempt {attempt.number} ended{code} ({attempt.reason}){details}"

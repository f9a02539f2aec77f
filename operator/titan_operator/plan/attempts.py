"""How an attempt ended, from its two sources: the runner's record in the store and the pod's status.

The first to arrive decides, so children start without waiting for the kubelet. A failed or vanished pod decides
only after the store was asked, because a recorded success outranks whatever happened to the pod later: a success
is never run twice.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from titan_api import names
from titan_operator.plan.observed import Lookup, ObservedJob
from titan_operator.records import Attempt, Outcome, PodRecord

EXIT_CODE_UNKNOWN = "the pod ended without an exit code"


@dataclass(frozen=True)
class Living:
    """The pod has not ended."""

    pod: PodRecord


@dataclass(frozen=True)
class Undecided:
    """The store must be asked, or cannot be asked now."""

    lookup: Lookup


@dataclass(frozen=True)
class Ended:
    """The attempt is over."""

    attempt: Attempt
    is_success: bool
    is_infrastructure: bool
    """Lost through no fault of the program."""


Fate = Living | Undecided | Ended


def open_attempt(seen: ObservedJob) -> int | None:
    """Number of the attempt whose end is not in status yet; None if there is none."""
    status = seen.job.status
    if status.attempts and status.attempts[-1].ended is None:
        return status.attempts[-1].number
    # A pod of a later attempt proves that all before it have ended: the next is started only after that is in status.
    following = max([status.attempt + 1, *(pod.attempt for pod in seen.pods)])
    has_trace = (
        any(pod.attempt == following for pod in seen.pods)
        or following in seen.vanished
        or isinstance(seen.outcomes.get(following), Outcome)
    )
    return following if has_trace else None


def judge(seen: ObservedJob, number: int) -> Fate:
    """What is known about an attempt that was started."""
    pod = next((pod for pod in seen.pods if pod.attempt == number), None)
    known = seen.outcomes.get(number, Lookup.NOT_ASKED)
    if isinstance(known, Outcome):
        return _from_outcome(seen, number, pod, known)
    if pod is not None and not pod.has_ended:
        return Living(pod)
    if pod is not None and pod.phase == "Succeeded":
        return _from_pod(seen, number, pod)
    if uses_runner(seen) and known is not Lookup.ABSENT:
        return Undecided(known)
    return _from_pod(seen, number, pod) if pod is not None else _lost(seen, number)


def uses_runner(seen: ObservedJob) -> bool:
    """Whether the pod records its outcome in the store; plain containers have their pod's status alone."""
    return "container" not in seen.job.spec["source"]


def start_of(seen: ObservedJob, number: int, pod: PodRecord | None) -> Attempt:
    """The attempt as far as its beginning is known."""
    before = next((attempt for attempt in seen.job.status.attempts if attempt.number == number), None)
    return Attempt(
        number=number,
        pod=pod.meta.name if pod is not None else names.pod_name(seen.job.meta.name, number),
        pod_uid=pod.meta.uid if pod is not None else (before.pod_uid if before is not None else None),
        node=(pod.node if pod is not None else None) or (before.node if before is not None else None),
        started=before.started if before is not None and before.started else (pod.started if pod is not None else None),
    )


def _from_outcome(seen: ObservedJob, number: int, pod: PodRecord | None, outcome: Outcome) -> Ended:
    reason = names.REASON_COMPLETED if outcome.is_success else outcome.reason
    is_late = not outcome.is_success and _is_past_deadline(seen, pod, outcome)
    # Whoever deletes, drains or preempts a pod has its program told to end: that is no failure of the program. The
    # runner says so itself; the pod says it too, but its watch may be slower than the record.
    was_told = reason == names.REASON_TERMINATED or (pod is not None and _ended_from_outside(pod))
    return _end(
        start_of(seen, number, pod),
        started=outcome.started,
        ended=outcome.ended or seen.now,
        exit_code=outcome.exit_code,
        reason=names.REASON_DEADLINE_EXCEEDED if is_late else reason,
        message=outcome.message,
        is_success=outcome.is_success,
        is_infrastructure=not outcome.is_success and not is_late and (outcome.is_infrastructure or was_told),
    )


def _from_pod(seen: ObservedJob, number: int, pod: PodRecord) -> Ended:
    end = pod.termination
    is_success = pod.phase == "Succeeded"
    runner_phase, message = runner_words(end.message if end is not None else "")
    from_outside = _ended_from_outside(pod)
    if is_success:
        reason = names.REASON_COMPLETED
    elif from_outside:
        reason = pod.reason or names.REASON_INFRASTRUCTURE
    else:
        reason = pod.reason or (end.reason if end is not None else "") or names.REASON_ERROR
    return _end(
        start_of(seen, number, pod),
        started=None,
        ended=(end.finished if end is not None else None) or seen.now,
        exit_code=end.exit_code if end is not None else None,
        reason=reason,
        message=pod.message or message or ("" if end is not None or is_success else EXIT_CODE_UNKNOWN),
        is_success=is_success,
        is_infrastructure=not is_success
        and pod.reason != names.REASON_DEADLINE_EXCEEDED
        and (from_outside or runner_phase in ("fetch", "publish")),
    )


def _lost(seen: ObservedJob, number: int) -> Ended:
    return _end(
        start_of(seen, number, None),
        started=None,
        ended=seen.now,
        exit_code=None,
        reason=names.REASON_LOST,
        message="the pod is gone and the store has no outcome for it",
        is_success=False,
        is_infrastructure=True,
    )


def _ended_from_outside(pod: PodRecord) -> bool:
    if pod.reason == names.REASON_DEADLINE_EXCEEDED:
        return False
    return pod.disrupted or pod.meta.deleting or pod.reason in _LOST_REASONS


def _is_past_deadline(seen: ObservedJob, pod: PodRecord | None, outcome: Outcome) -> bool:
    """Whether spec.activeDeadlineSeconds ended it. The record mostly comes before the kubelet says so, in the pod."""
    if pod is not None and pod.reason == names.REASON_DEADLINE_EXCEEDED:
        return True
    limit = seen.job.spec.get("activeDeadlineSeconds")
    began = (
        (pod.started if pod is not None else None) or start_of(seen, outcome.attempt, pod).started or outcome.started
    )
    if not limit or began is None:
        return False
    return (outcome.ended or seen.now) - began >= timedelta(seconds=limit)


_LOST_REASONS = frozenset({"Evicted", "NodeLost", "NodeShutdown", "Terminated", "Preempting", "Shutdown"})
"""status.reason of pods that the cluster ended."""


def runner_words(termination_message: str) -> tuple[str, str]:
    """Phase and text of the runner's termination message; anything else is free text of some program."""
    try:
        words = json.loads(termination_message)
        return str(words["phase"]), str(words.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", termination_message


def _end(
    start: Attempt,
    *,
    started: datetime | None,
    ended: datetime,
    exit_code: int | None,
    reason: str,
    message: str,
    is_success: bool,
    is_infrastructure: bool,
) -> Ended:
    attempt = replace(
        start,
        started=started or start.started,
        ended=ended,
        exit_code=exit_code,
        reason=reason[:64],
        message=message[:1024] or None,
    )
    return Ended(attempt, is_success, is_infrastructure)

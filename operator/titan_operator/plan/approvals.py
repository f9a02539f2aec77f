"""Gates: the TitanApproval behind a job, from its opening to its verdict."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from titan_api import names
from titan_api.verdicts import FINAL_VERDICTS, fold
from titan_operator.plan.conditions import with_condition
from titan_operator.plan.decisions import ApprovalPlan, Note
from titan_operator.plan.observed import ObservedApproval
from titan_operator.plan.pods import owner_reference
from titan_operator.plan.protections import is_unprotected, proven, settle_protection
from titan_operator.records import ApprovalRecord, ApprovalStatus, Decision, JobRecord

TERMS = ("message", "timeoutSeconds", "approvers", "requiredApprovals", "allowSelfApproval")


def plan_approval(seen: ObservedApproval) -> ApprovalPlan:
    """Open the gate when its job has succeeded, then follow decisions and the deadline; a verdict is for good."""
    approval, job = seen.approval, seen.job
    if approval.meta.deleting or approval.status.phase in FINAL_VERDICTS or job is None:
        return ApprovalPlan()
    never = _why_it_never_opens(approval, job)
    if never is not None:
        return _drop(seen, approval.status, never)
    if seen.protection.missing and seen.protection.is_required:
        return _hold(seen, job)
    if job.status.phase != "Succeeded" or job.status.completed is None:
        return ApprovalPlan(status=_welcome_back(seen))
    opened_at = _opening(approval, job.status.completed, seen.now)
    deadline = opened_at + timedelta(seconds=approval.timeout_seconds)
    opened = replace(
        settle_protection(seen),
        phase="Pending",
        opened=opened_at,
        deadline=deadline,
        decisions=_stamped(seen),
        observed_generation=approval.meta.generation,
    )
    # A decision that is there counts even if it is first seen after the deadline: the person was in time as far as
    # anybody can prove, and the operator's absence must not turn an approval into a rejection.
    verdict = fold(((given.user, given.verdict) for given in proven(approval)), approval.required_approvals)
    needless = _why_it_is_needless(seen, job) if verdict is None else None
    if needless is not None:
        return _drop(seen, opened, needless)
    if verdict is None and seen.now >= deadline:
        verdict = "TimedOut"
    if verdict is not None:
        return _close(seen, opened, verdict)
    remaining = (deadline - seen.now).total_seconds()
    if opened == approval.status:
        return ApprovalPlan(requeue_after=remaining)
    is_first = approval.status.phase == "Scheduled"
    notes = (Note("Normal", "ApprovalNeeded", approval.message or f"gate behind {approval.job}"),) if is_first else ()
    return ApprovalPlan(status=opened, notes=notes, requeue_after=remaining)


def build_approval(job: JobRecord, round_number: int) -> dict[str, Any]:
    """The TitanApproval of a job: it is the job's child, so deleting the job removes the gate."""
    terms = job.spec["approval"]
    requested_by = job.spec.get("requestedBy")
    spec: dict[str, Any] = {term: terms[term] for term in TERMS if term in terms}
    spec["subject"] = {"job": job.meta.name, "jobID": job.job_id, "uid": job.meta.uid, "round": round_number}
    labels = {
        names.LABEL_MANAGED_BY: names.MANAGED_BY,
        names.LABEL_JOB: names.label_value(job.meta.name),
        names.LABEL_JOB_ID: names.label_value(job.job_id),
    }
    if requested_by is not None:
        spec["requestedBy"] = requested_by
    if job.dag is not None:
        spec["dag"] = job.dag
        labels[names.LABEL_DAG] = names.label_value(job.dag)
    return {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND_APPROVAL,
        "metadata": {
            "name": names.approval_name(job.meta.name, round_number),
            "namespace": job.meta.namespace,
            "labels": labels,
            "ownerReferences": [owner_reference(names.KIND_JOB, job.meta.name, job.meta.uid)],
        },
        "spec": spec,
    }


def _welcome_back(seen: ObservedApproval) -> ApprovalStatus | None:
    """The status of a gate that cannot open yet changes only when the policies it waited for are in force again."""
    status = seen.approval.status if seen.protection.missing else settle_protection(seen)
    return status if status != seen.approval.status else None


def _hold(seen: ObservedApproval, job: JobRecord) -> ApprovalPlan:
    """Nothing is opened and nothing counts; but nobody is asked in vain, and a published deadline stands."""
    approval = seen.approval
    needless = _why_it_is_needless(seen, job)
    if needless is not None:
        return _drop(seen, approval.status, needless)
    held = replace(settle_protection(seen), observed_generation=approval.meta.generation)
    deadline = approval.status.deadline
    if deadline is None:
        return ApprovalPlan(status=held)
    if seen.now >= deadline:
        return _close(seen, held, "TimedOut")
    return ApprovalPlan(status=held, requeue_after=(deadline - seen.now).total_seconds())


def _opening(approval: ApprovalRecord, completed: datetime, now: datetime) -> datetime:
    """When the gate opened: with the job's success, unless people could not decide then."""
    if approval.status.opened is not None:
        return approval.status.opened
    if is_unprotected(approval):
        return now
    # The program's result may be of an earlier round: people are given their time anew.
    return max(completed, approval.meta.created) if approval.round > 1 else completed


def _why_it_never_opens(approval: ApprovalRecord, job: JobRecord) -> str | None:
    if approval.round < job.status.run:
        return f"run {job.status.run} of the job has replaced it"
    if job.has_ended and job.status.phase != "Succeeded":
        return f"the job has {'failed' if job.status.phase == 'Failed' else 'been cancelled'}"
    return None


def _why_it_is_needless(seen: ObservedApproval, job: JobRecord) -> str | None:
    """What stands behind the gate will not run, whatever people say."""
    if job.cancel:
        return "the job was cancelled"
    if seen.dag is None:
        return None
    if seen.dag.cancel:
        return "the DAG was cancelled"
    return "the DAG has ended" if seen.dag.has_ended else None


def _drop(seen: ObservedApproval, status: ApprovalStatus, why: str) -> ApprovalPlan:
    """No decision is needed any more: Rejected, by nobody, with reason Cancelled."""
    message = f"closed without a decision: {why}"
    conditions = with_condition(
        status.conditions, names.CONDITION_FAILED, True, names.REASON_CANCELLED, message, seen.now
    )
    closed = replace(
        status,
        phase="Rejected",
        decided=seen.now,
        decisions=_stamped(seen),
        conditions=conditions,
        observed_generation=seen.approval.meta.generation,
    )
    was_open = seen.approval.status.phase == "Pending"
    return ApprovalPlan(status=closed, notes=(Note("Normal", "GateClosed", message),) if was_open else ())


def _close(seen: ObservedApproval, opened: ApprovalStatus, verdict: str) -> ApprovalPlan:
    approval = seen.approval
    wanted = {"Approved": "Approve", "Rejected": "Reject"}.get(verdict)
    people = tuple(decision.user for decision in proven(approval) if decision.verdict == wanted)
    reason, message = _explain(approval, verdict, people)
    kind = names.CONDITION_COMPLETE if verdict == "Approved" else names.CONDITION_FAILED
    status = replace(
        opened,
        phase=verdict,
        decided=seen.now,
        decided_by=people,
        conditions=with_condition(opened.conditions, kind, True, reason, message, seen.now),
    )
    return ApprovalPlan(status=status, notes=(Note("Normal", reason, message),))


def _explain(approval: ApprovalRecord, verdict: str, people: tuple[str, ...]) -> tuple[str, str]:
    if verdict == "TimedOut":
        return names.REASON_TIMED_OUT, f"nobody decided within {approval.timeout_seconds} seconds"
    comments = [decision.comment for decision in proven(approval) if decision.user in people and decision.comment]
    suffix = f": {'; '.join(comments)}" if comments else ""
    if verdict == "Approved":
        return names.REASON_APPROVED, f"approved by {', '.join(people)}{suffix}"
    return names.REASON_REJECTED, f"rejected by {', '.join(people)}{suffix}"


def _stamped(seen: ObservedApproval) -> tuple[Decision, ...]:
    """The decisions with the time at which each was first seen; a stamp never changes."""
    known = {decision.user: decision for decision in seen.approval.status.decisions}
    return tuple(known.get(given.user) or replace(given, time=seen.now) for given in proven(seen.approval))

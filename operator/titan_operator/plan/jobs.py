"""What to do about one TitanJob: named checks, read top to bottom; the first that applies decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from titan_api import defaults, names
from titan_api.parents import say_what_stopped
from titan_api.profiles import find_profile
from titan_api.times import format_time
from titan_api.verdicts import FINAL_VERDICTS
from titan_operator.plan import decisions
from titan_operator.plan.approvals import build_approval
from titan_operator.plan.attempts import open_attempt, uses_runner
from titan_operator.plan.conditions import with_condition
from titan_operator.plan.observed import Lookup, ObservedJob, PodSettings
from titan_operator.plan.pods import build_pod, owner_reference
from titan_operator.plan.progress import cancelled, follow_attempt, waits_for_store
from titan_operator.plan.runs import gate_round, has_started, in_run, set_back, stop_reason
from titan_operator.plan.services import follow_service, remove_leftovers, start_service
from titan_operator.plan.waits import back_off_end, back_off_message, hold, ready_time, settled
from titan_operator.plan.workspaces import conflict_notes
from titan_operator.records import JobStatus

Check = Callable[[ObservedJob], decisions.JobPlan | None]


def plan_job(seen: ObservedJob) -> decisions.JobPlan:
    """The plan for one TitanJob; empty when there is nothing to do until something changes."""
    if seen.job.meta.deleting or _belongs_to_former_dag(seen):
        return decisions.JobPlan()  # The garbage collector removes it and its pods.
    adoption = _adoption(seen)
    if adoption is not None:
        return decisions.JobPlan(actions=(adoption,), requeue_after=0.0)
    gate = _missing_gate(seen)
    plan = _plan_ended(seen) if seen.job.has_ended else _first_word(seen)
    if plan.status is not None:
        plan = replace(plan, status=in_run(seen, plan.status))
    return replace(plan, actions=(gate, *plan.actions)) if gate is not None else plan


def refuse(seen: ObservedJob, reason: str, message: str) -> JobStatus:
    """The status of a job whose specification cannot be run."""
    job, now = seen.job, seen.now
    conditions = with_condition(settled(job.status.conditions), names.CONDITION_INVALID, True, reason, message, now)
    conditions = with_condition(conditions, names.CONDITION_FAILED, True, reason, message, now)
    generation = job.meta.generation
    status = in_run(seen, job.status)
    return replace(status, phase="Failed", completed=now, conditions=conditions, observed_generation=generation)


def _first_word(seen: ObservedJob) -> decisions.JobPlan:
    for check in _CHECKS:
        plan = check(seen)
        if plan is not None:
            return plan
    return _start(seen)


# ---------------------------------------------------------------- checks, in the order in which they are asked
def _has_an_open_attempt(seen: ObservedJob) -> decisions.JobPlan | None:
    if seen.job.is_service:
        return follow_service(seen)
    number = open_attempt(seen)
    return follow_attempt(seen, number) if number is not None else None


def _cannot_run(seen: ObservedJob) -> decisions.JobPlan | None:
    spec = seen.job.spec
    requirement = spec.get("requirement", defaults.REQUIREMENT)
    if find_profile(requirement, seen.settings.profiles) is None:
        message = (
            f'the requirement "{requirement[:100]}" is neither a profile of this cluster nor usable as the name of '
            "a node label (at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit)"
        )
        return decisions.JobPlan(status=refuse(seen, names.REASON_BAD_REQUIREMENT, message))
    return None


def _lacks_its_dag(seen: ObservedJob) -> decisions.JobPlan | None:
    if seen.job.dag is None or seen.dag is not None:
        return None
    message = f'the TitanDAG "{seen.job.dag}" does not exist'
    return _wait_or_refuse(seen, names.REASON_DAG_MISSING, message)


def _waits_for_the_seal(seen: ObservedJob) -> decisions.JobPlan | None:
    return decisions.JobPlan() if seen.dag is not None and not seen.dag.is_sealed else None


def _has_a_failed_parent(seen: ObservedJob) -> decisions.JobPlan | None:
    culprit = seen.parents.culprit
    if culprit is None or has_started(seen):
        return None
    words = say_what_stopped(culprit.job_id, culprit.reason)
    return decisions.JobPlan(status=_cancel_status(seen, culprit.reason, words))


def _lacks_a_parent(seen: ObservedJob) -> decisions.JobPlan | None:
    if not seen.parents.missing or has_started(seen):
        return None
    listed = ", ".join(f'"{parent}"' for parent in seen.parents.missing)
    return _wait_or_refuse(seen, names.REASON_UNKNOWN_PARENT, f"there is no job {listed}, which is named as a parent")


def _waits_for_parents(seen: ObservedJob) -> decisions.JobPlan | None:
    if not seen.parents.unmet or has_started(seen):
        return None
    if not seen.parents.outcomes_to_copy:
        if seen.parents.gated is None:
            return decisions.JobPlan()
        return hold(seen, names.REASON_GATE_OPEN, f'the gate behind the parent "{seen.parents.gated}" is not decided')
    copied = (*seen.job.status.parent_outcomes, *seen.parents.outcomes_to_copy)
    return decisions.JobPlan(status=replace(seen.job.status, parent_outcomes=copied))


def _is_suspended(seen: ObservedJob) -> decisions.JobPlan | None:
    if seen.dag is not None and seen.dag.suspend:
        return hold(seen, names.REASON_SUSPENDED, "the DAG is suspended")
    return hold(seen, names.REASON_SUSPENDED, "the job is suspended") if seen.job.suspend else None


def _is_delayed(seen: ObservedJob) -> decisions.JobPlan | None:
    until = ready_time(seen) + timedelta(milliseconds=seen.job.spec.get("delayMilliseconds", 0))
    if seen.now >= until:
        return None
    return hold(seen, names.REASON_DELAYED, f"the job starts at {format_time(until)}", until=until)


def _backs_off(seen: ObservedJob) -> decisions.JobPlan | None:
    until = back_off_end(seen.job, seen.job.status)
    if until is None or seen.now >= until:
        return None
    return hold(seen, names.REASON_BACK_OFF, back_off_message(seen.job.status.attempt + 1, until), until=until)


def _may_have_run_unseen(seen: ObservedJob) -> decisions.JobPlan | None:
    """A former operator may have started this attempt, and its pod may be gone; only the store would know."""
    following = seen.job.status.attempt + 1
    known = seen.outcomes.get(following, Lookup.NOT_ASKED)
    if seen.job.is_service or not seen.inherited or not uses_runner(seen) or known is Lookup.ABSENT:
        return None
    return waits_for_store(seen, following, Lookup.NOT_ASKED if not isinstance(known, Lookup) else known)


def _waits_for_room(seen: ObservedJob) -> decisions.JobPlan | None:
    """The last check, so every job in the queue could start now. Services are exempt: they never make room."""
    if seen.may_start or seen.job.is_service:
        return None
    limit = seen.dag.max_parallel if seen.dag is not None else None
    return hold(seen, names.REASON_PARALLEL_LIMIT, f"only {limit} pods of the DAG may run at once", queues_up=True)


_CHECKS: tuple[Check, ...] = (
    _has_an_open_attempt,
    cancelled,
    _cannot_run,
    _lacks_its_dag,
    _waits_for_the_seal,
    _has_a_failed_parent,
    _lacks_a_parent,
    _waits_for_parents,
    _is_suspended,
    _is_delayed,
    _backs_off,
    _may_have_run_unseen,
    _waits_for_room,
)


def _start(seen: ObservedJob) -> decisions.JobPlan:
    number = seen.job.status.attempt + 1
    requirement = seen.job.spec.get("requirement", defaults.REQUIREMENT)
    profile = find_profile(requirement, seen.settings.profiles)
    assert profile is not None, "_cannot_run has refused tags without a profile"
    if seen.job.is_service:
        return start_service(seen, profile)
    nodes, services = seen.parents.nodes, seen.parents.services
    manifest = build_pod(seen.job, seen.dag, number, profile, nodes, seen.settings, services, seen.parents.inputs)
    return decisions.JobPlan(actions=(decisions.CreatePod(manifest, number),))


# ---------------------------------------------------------------- after the end
def _plan_ended(seen: ObservedJob) -> decisions.JobPlan:
    """Enter the DAG's next run; or copy the gate's verdict and remove what outlived the job or its retention."""
    job = seen.job
    if seen.awaits_rerun:
        return set_back(seen, stop_reason(seen))
    status: JobStatus | None = None
    verdict = seen.approval.status.phase if seen.approval is not None else None
    is_new = verdict is not None and verdict != job.status.approval and job.status.approval not in FINAL_VERDICTS
    if job.has_gate and job.status.phase == "Succeeded" and is_new:
        status = replace(job.status, approval=verdict)
    expiry = _seconds_to_expiry(seen)
    if expiry is not None and expiry <= 0:
        return decisions.JobPlan(actions=(decisions.Expire(),))
    removals, requeue_after = _removals(seen, seen.settings)
    requeue_after = min((due for due in (requeue_after, expiry) if due is not None), default=None)
    return decisions.JobPlan(
        actions=(*removals, *remove_leftovers(seen)),
        status=status,
        notes=conflict_notes(seen, job.status.attempt),
        requeue_after=requeue_after,
    )


def _seconds_to_expiry(seen: ObservedJob) -> float | None:
    """Of a job that stands alone; all others go with their DAG."""
    completed = seen.job.status.completed
    if seen.job.dag is not None or completed is None or not seen.job.is_settled:
        return None
    return defaults.STANDALONE_TTL_SECONDS - (seen.now - completed).total_seconds()


def _removals(seen: ObservedJob, settings: PodSettings) -> tuple[tuple[decisions.DeletePod, ...], float | None]:
    completed = seen.job.status.completed or seen.now
    keep = settings.finished_pod_seconds - (seen.now - completed).total_seconds()
    pods = [pod for pod in seen.pods if not pod.meta.deleting]
    if keep > 0:
        stray = [pod for pod in pods if not pod.has_ended and seen.job.status.phase != "Succeeded"]
        return tuple(map(decisions.delete_pod, stray)), keep if pods else None
    return tuple(map(decisions.delete_pod, pods)), None


# ---------------------------------------------------------------- pieces
def _belongs_to_former_dag(seen: ObservedJob) -> bool:
    owner = seen.job.meta.owner_uid
    return owner is not None and seen.dag is not None and seen.dag.meta.uid != owner


def _adoption(seen: ObservedJob) -> decisions.AdoptJob | None:
    """Owner and labels for what a person applied with kubectl."""
    job, dag = seen.job, seen.dag
    labels = {names.LABEL_MANAGED_BY: names.MANAGED_BY, names.LABEL_JOB_ID: names.label_value(job.job_id)}
    if job.dag is not None:
        labels[names.LABEL_DAG] = names.label_value(job.dag)
    is_orphan = job.meta.owner_uid is None and dag is not None and not dag.meta.deleting
    if not is_orphan and all(job.meta.labels.get(label) == value for label, value in labels.items()):
        return None
    owner = owner_reference(names.KIND_DAG, dag.meta.name, dag.meta.uid) if is_orphan and dag is not None else None
    return decisions.AdoptJob(labels, owner)


def _missing_gate(seen: ObservedJob) -> decisions.CreateApproval | None:
    """The gate is made together with its job, so that a decision can be given before it opens."""
    is_needed = seen.job.has_gate and seen.job.status.phase not in ("Failed", "Cancelled")
    if not is_needed or seen.approval is not None or seen.job.status.approval in FINAL_VERDICTS:
        return None
    return decisions.CreateApproval(build_approval(seen.job, gate_round(seen)))


def _cancel_status(seen: ObservedJob, reason: str, message: str) -> JobStatus:
    conditions = with_condition(
        settled(seen.job.status.conditions), names.CONDITION_FAILED, True, reason, message, seen.now
    )
    generation = seen.job.meta.generation
    return replace(
        seen.job.status, phase="Cancelled", completed=seen.now, conditions=conditions, observed_generation=generation
    )


def _wait_or_refuse(seen: ObservedJob, reason: str, message: str) -> decisions.JobPlan:
    """What is missing may still arrive, for a while: kubectl applies objects in any order."""
    waited = (seen.now - seen.job.meta.created).total_seconds()
    if waited < defaults.PARENT_WAIT_SECONDS:
        return decisions.JobPlan(requeue_after=defaults.PARENT_WAIT_SECONDS - waited)
    return decisions.JobPlan(status=refuse(seen, reason, message), notes=(decisions.Note("Warning", reason, message),))

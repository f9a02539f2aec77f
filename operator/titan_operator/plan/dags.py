"""What to do about one TitanDAG: seal and check the graph, then fold its jobs' phases into counts and an end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from titan_api import defaults, names
from titan_operator.plan.conditions import with_condition
from titan_operator.plan.decisions import DAGPlan, Expire, Note
from titan_operator.plan.graphs import Problem, find_problem
from titan_operator.plan.observed import ObservedDAG
from titan_operator.records import DAGStatus

WRITE_INTERVAL_SECONDS = 1.0
"""Shortest pause between two writes of a running DAG's counts; its end is written at once."""
SETTLE_SECONDS = 5.0
"""A DAG without spec.jobCount ends so long after its newest job arrived: kubectl applies jobs one by one."""


@dataclass(frozen=True)
class Totals:
    """The jobs of a DAG, counted. Jobs that were deleted after the sealing count as cancelled."""

    total: int
    counts: Mapping[str, int]
    settled: int
    stopped: int


def plan_dag(seen: ObservedDAG) -> DAGPlan:
    """The plan for one TitanDAG; empty when there is nothing to do until something changes."""
    if seen.dag.meta.deleting:
        return DAGPlan()
    if 0 < seen.dag.status.run < seen.dag.run:
        return _enter_run(seen)
    if seen.dag.has_ended:
        return _after_end(seen)
    all_arrived = seen.dag.job_count is not None and seen.jobs >= seen.dag.job_count
    problem = find_problem(seen.graph, complete=all_arrived) if seen.graph is not None else None
    if problem is not None:
        return _refuse(seen, problem)
    if not seen.dag.cancel and not seen.dag.is_sealed:
        return _seal(seen) if all_arrived else _await_jobs(seen)
    if all_arrived and _has_grown(seen):
        return _seal(seen)
    if seen.jobs == 0 and not seen.dag.cancel and seen.dag.status.sealed_job_count == 0:
        return _await_jobs(seen)
    return _fold(seen)


def _enter_run(seen: ObservedDAG) -> DAGPlan:
    """spec.run was raised: the end is undone, and the jobs that stopped are reset by their own passes."""
    before = seen.dag.status
    counts = dict(before.counts)
    stopped = counts.pop("failed", 0) + counts.pop("cancelled", 0)
    if stopped:
        counts["pending"] = counts.get("pending", 0) + stopped
    ends = (names.CONDITION_COMPLETE, names.CONDITION_FAILED, names.CONDITION_INVALID)
    return DAGPlan(
        status=replace(
            before,
            phase="Running" if seen.dag.is_sealed else "Pending",
            run=seen.dag.run,
            counts=counts,
            progress=f"{counts.get('succeeded', 0)}/{before.progress.partition('/')[2] or seen.jobs}",
            started=seen.now,
            completed=None,
            conditions=tuple(condition for condition in before.conditions if condition.type not in ends),
            observed_generation=seen.dag.meta.generation,
        )
    )


def _seal(seen: ObservedDAG) -> DAGPlan:
    message = f"{seen.jobs} jobs are there and their graph is valid"
    conditions = with_condition(
        seen.dag.status.conditions, names.CONDITION_SEALED, True, names.REASON_ALL_ARRIVED, message, seen.now
    )
    totals = _sum_up(seen, seen.jobs)
    status = _with_totals(seen, totals, waiting=seen.waiting_approvals)
    started = seen.dag.status.started or seen.now
    return DAGPlan(
        status=replace(status, phase="Running", sealed_job_count=seen.jobs, started=started, conditions=conditions)
    )


def _await_jobs(seen: ObservedDAG) -> DAGPlan:
    waited = (seen.now - seen.dag.meta.created).total_seconds()
    if waited < defaults.SUBMISSION_TIMEOUT_SECONDS:
        return DAGPlan(requeue_after=defaults.SUBMISSION_TIMEOUT_SECONDS - waited)
    announced = seen.dag.job_count if seen.dag.job_count is not None else "one"
    message = f"{seen.jobs} of {announced} jobs arrived within {defaults.SUBMISSION_TIMEOUT_SECONDS} seconds"
    return _end(seen, "Failed", names.REASON_SUBMISSION_INCOMPLETE, message)


def _refuse(seen: ObservedDAG, problem: Problem) -> DAGPlan:
    plan = _end(seen, "Failed", problem.reason, problem.message)
    assert plan.status is not None
    conditions = with_condition(
        plan.status.conditions, names.CONDITION_INVALID, True, problem.reason, problem.message, seen.now
    )
    return replace(plan, status=replace(plan.status, conditions=conditions))


def _fold(seen: ObservedDAG) -> DAGPlan:
    totals = _sum_up(seen, max(seen.jobs, seen.dag.status.sealed_job_count))
    # Nobody need answer the open gates of a DAG that was cancelled: what stands behind them will not run.
    if totals.settled == totals.total or (seen.dag.cancel and _ended(totals) == totals.total):
        settling = _awaiting_seconds(seen) if _has_grown(seen) else _settling_seconds(seen)
        if settling <= 0:
            return _finish(seen, totals)
        return replace(_count(seen, totals), requeue_after=settling)
    return _count(seen, totals)


def _finish(seen: ObservedDAG, totals: Totals) -> DAGPlan:
    was_cut_short = seen.dag.cancel and (totals.total == 0 or totals.settled < totals.total)
    if totals.stopped == 0 and not was_cut_short:
        return _end(seen, "Succeeded", names.REASON_COMPLETED, f"{totals.total} jobs succeeded")
    if seen.dag.cancel:
        return _end(seen, "Cancelled", names.REASON_CANCELLED, "the DAG was cancelled")
    failed, cancelled = totals.counts.get("failed", 0), totals.counts.get("cancelled", 0)
    message = f"{failed} failed and {cancelled} cancelled of {totals.total} jobs"
    return _end(seen, "Failed", names.REASON_JOBS_FAILED, message)


def _count(seen: ObservedDAG, totals: Totals) -> DAGPlan:
    status = _with_totals(seen, totals, waiting=seen.waiting_approvals)
    status = replace(status, phase="Running", started=seen.dag.status.started or seen.now)
    if status == seen.dag.status:
        return DAGPlan()
    if seen.last_write is not None and seen.dag.status.phase == "Running":
        remaining = WRITE_INTERVAL_SECONDS - (seen.now - seen.last_write).total_seconds()
        if remaining > 0:
            return DAGPlan(requeue_after=remaining)
    return DAGPlan(status=status)


def _after_end(seen: ObservedDAG) -> DAGPlan:
    """The last counts, and the deletion when its time is over; a DAG does not expire while a service of it lives."""
    plan = _recount(seen)
    if plan.status is not None or seen.counts.get("serving", 0) or seen.dag.status.completed is None:
        return plan
    remaining = seen.dag.ttl_seconds - (seen.now - seen.dag.status.completed).total_seconds()
    return DAGPlan(requeue_after=remaining) if remaining > 0 else DAGPlan(actions=(Expire(),))


def _recount(seen: ObservedDAG) -> DAGPlan:
    """Jobs of a DAG that ended early are cancelled after it; its counts follow, its end stays."""
    totals = _sum_up(seen, max(seen.jobs, seen.dag.status.sealed_job_count))
    counted = seen.dag.status.counts
    was_complete = not any(counted.get(phase, 0) for phase in ("pending", "running", "serving"))
    if was_complete or totals.settled < totals.total:
        return DAGPlan()
    status = _with_totals(seen, totals, waiting=0)
    return DAGPlan() if status == seen.dag.status else DAGPlan(status=status)


def _end(seen: ObservedDAG, phase: str, reason: str, message: str) -> DAGPlan:
    totals = _sum_up(seen, max(seen.jobs, seen.dag.status.sealed_job_count))
    kind = names.CONDITION_COMPLETE if phase == "Succeeded" else names.CONDITION_FAILED
    conditions = with_condition(seen.dag.status.conditions, kind, True, reason, message, seen.now)
    status = replace(
        _with_totals(seen, totals, waiting=0),
        phase=phase,
        started=seen.dag.status.started or seen.now,
        completed=seen.now,
        conditions=conditions,
    )
    note = Note("Normal" if phase == "Succeeded" else "Warning", f"DAG{phase}", message)
    return DAGPlan(status=status, notes=(note,))


def _sum_up(seen: ObservedDAG, total: int) -> Totals:
    deleted = total - seen.jobs
    counts = {phase: number for phase, number in seen.counts.items() if number}
    if deleted:
        counts["cancelled"] = counts.get("cancelled", 0) + deleted
    return Totals(total, counts, seen.settled + deleted, seen.stopped + deleted)


def _with_totals(seen: ObservedDAG, totals: Totals, *, waiting: int) -> DAGStatus:
    return replace(
        seen.dag.status,
        run=seen.dag.status.run or seen.dag.run,
        counts=dict(totals.counts),
        waiting_approvals=waiting,
        progress=f"{_ended(totals)}/{max(totals.total, seen.dag.job_count or 0)}",
        observed_generation=seen.dag.meta.generation,
    )


def _ended(totals: Totals) -> int:
    """Jobs that will not run any more, whatever a gate behind them says."""
    return sum(totals.counts.get(phase, 0) for phase in ("succeeded", "failed", "cancelled"))


def _has_grown(seen: ObservedDAG) -> bool:
    """Jobs were added to a running DAG: spec.jobCount rises first, then they arrive."""
    announced = seen.dag.job_count
    return announced is not None and 0 < seen.dag.status.sealed_job_count < announced and not seen.dag.cancel


def _awaiting_seconds(seen: ObservedDAG) -> float:
    """How long jobs that were added may still take to arrive."""
    since = seen.newest_job or seen.dag.meta.created
    return defaults.SUBMISSION_TIMEOUT_SECONDS - (seen.now - since).total_seconds()


def _settling_seconds(seen: ObservedDAG) -> float:
    if seen.dag.job_count is not None or seen.dag.cancel or seen.newest_job is None:
        return 0.0
    return SETTLE_SECONDS - (seen.now - seen.newest_job).total_seconds()

"""Runs: spec.run n+1 of a TitanDAG tries again what failed or was cancelled in run n. What succeeded stays.

The DAG's status enters the run first; then each job that stopped in an earlier one is set back, by one write of its
own. Until then the sums count it as pending, so the DAG cannot end in between (see state/dag_counts.py).
"""

from dataclasses import replace

from titan_api import names
from titan_operator.plan.decisions import JobPlan
from titan_operator.plan.observed import ObservedJob
from titan_operator.records import JobStatus


def set_back(seen: ObservedJob, stop: tuple[str, str] | None) -> JobPlan:
    """The plan for a job that stopped in an earlier run. ``stop``: why it shall not run in this one either, if so."""
    assert seen.dag is not None, "only jobs of a DAG have runs"
    job, run = seen.job, seen.dag.status.run
    before = replace(job.status, run=run, observed_generation=job.meta.generation)
    if stop is not None:
        return JobPlan(status=before)
    if before.phase == "Succeeded":
        # Its gate stopped the run: people are asked once more, and the program's result stands.
        return JobPlan(status=replace(before, approval="Scheduled"))
    fresh = JobStatus(
        run=run,
        attempt=before.attempt,
        attempts=before.attempts,
        approval="Scheduled" if job.has_gate else None,
        observed_generation=job.meta.generation,
        parent_outcomes=before.parent_outcomes,
    )
    return JobPlan(status=fresh)


def in_run(seen: ObservedJob, status: JobStatus) -> JobStatus:
    """The first status of a job enters the run in which it began: that of its gate, which is made before it."""
    if status.run or seen.job.dag is None:
        return status
    return replace(status, run=gate_round(seen))


def gate_round(seen: ObservedJob) -> int:
    """The round of the job's gate, which is the job's run."""
    if seen.job.status.run:
        return seen.job.status.run
    if seen.approval is not None:
        return seen.approval.round
    return (seen.dag.status.run or seen.dag.run) if seen.dag is not None else 1


def has_started(seen: ObservedJob) -> bool:
    """The parents were done when the run's first attempt began; what becomes of them later is no matter."""
    status = seen.job.status
    return status.failures + status.infrastructure_failures > 0


def stop_reason(seen: ObservedJob) -> tuple[str, str] | None:
    """Reason and sentence why nothing of the job shall run any more; None if it may run."""
    if seen.job.cancel:
        return names.REASON_CANCELLED, "the job was cancelled"
    if seen.dag is None:
        return None
    if seen.dag.cancel:
        return names.REASON_CANCELLED, "the DAG was cancelled"
    ended = seen.dag.status.completed
    if ended is None:
        return None
    if seen.job.meta.created > ended:
        return names.REASON_DAG_ENDED, "the DAG had ended before the job was added: submit a new DAG"
    failures = [one for one in seen.dag.status.conditions if one.type == names.CONDITION_FAILED]
    return names.REASON_DAG_ENDED, f"the DAG has ended{f': {failures[0].message}' if failures else ''}"

"""Why a job is where it is: one sentence from what is known, decided here without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from titan_api import names
from titan_api.parents import lets_children_go, stops_children
from titan_api.views import DagView, GateView, JobView

SHOWN = 3
"""So many parents are named; more would hide the rest of the sentence."""


@dataclass(frozen=True)
class Situation:
    """A job with all that may hold it up."""

    job: JobView
    now: datetime
    dag: DagView | None = None
    """With its jobs; None for a job that stands alone."""
    dag_is_missing: bool = False
    """The job names a TitanDAG that does not exist."""
    parents: Mapping[str, JobView | None] = field(default_factory=dict)
    """By id; None for one that is not there."""
    gates: Mapping[str, GateView] = field(default_factory=dict)
    """The gates behind the job and its parents, by the id of the job before them."""


def explain(seen: Situation) -> str:
    """Why the job is in its phase, the most telling reason first."""
    job = seen.job
    if job.is_final or job.phase == "Serving":
        return f"{_subject(job)} {_end_of(seen)}"
    if job.cancelling or (seen.dag is not None and seen.dag.cancelling):
        return f"{_subject(job)} is being cancelled"
    if job.phase == "Running":
        return f"{_subject(job)} is running{f' on {job.node}' if job.node else ''}, attempt {job.attempt}{_note(job)}"
    return f"{_subject(job)} waits: {_waits_for(seen)}"


def _waits_for(seen: Situation) -> str:
    checks = (_the_dag, _suspension, _parents, _delay, _limit, _words)
    return next((reason for reason in (check(seen) for check in checks) if reason), "it is about to start")


def _the_dag(seen: Situation) -> str:
    if seen.dag_is_missing:
        return f"its DAG {seen.job.dag!r} is not there"
    if seen.dag is None:
        return ""
    if seen.dag.is_final:
        return f"its DAG has ended ({seen.dag.phase}), so it will be cancelled"
    if seen.dag.phase == "Pending" and seen.dag.run == 1 and not seen.dag.suspended:
        there = len(seen.dag.jobs)
        return f"its DAG has not begun: not all of its jobs have arrived ({there} so far), or the operator does not run"
    return ""


def _suspension(seen: Situation) -> str:
    if seen.dag is not None and seen.dag.suspended:
        return f"its DAG is suspended (titan resume {seen.dag.name})"
    return f"it is suspended (titan resume {seen.job.job_id})" if seen.job.suspended else ""


def _parents(seen: Situation) -> str:
    reasons = [_parent(seen, job_id, parent) for job_id, parent in seen.parents.items()]
    return _enumerate([reason for reason in reasons if reason])


def _parent(seen: Situation, job_id: str, parent: JobView | None) -> str:
    if parent is None:
        return f"its parent {job_id!r} is not there"
    if lets_children_go(parent.phase, parent.approval):
        return ""
    if parent.phase != "Succeeded":
        end = ", so it will be cancelled" if stops_children(parent.phase, None) else ""
        return f"its parent {job_id!r} is {parent.phase}{end}"
    gate_id = names.gate_id(job_id)
    if stops_children(parent.phase, parent.approval):
        return f"the gate {gate_id} is {parent.approval}, so it will be cancelled"
    return _gate(gate_id, seen.gates.get(job_id), seen.now)


def _gate(gate_id: str, gate: GateView | None, now: datetime) -> str:
    if gate is None:
        return f"the gate {gate_id} is not decided"
    approved = len({given.user for given in gate.decisions if given.verdict == "Approve"})
    count = f" ({approved} of {gate.required_approvals} approvals)" if gate.required_approvals > 1 else ""
    left = f" within {_seconds(gate.deadline - now)}" if gate.deadline is not None and gate.deadline > now else ""
    return f"a person must approve the gate {gate_id}{left}{count}"


def _delay(seen: Situation) -> str:
    job = seen.job
    if not job.delay_seconds or job.ready is None or job.attempt:
        return ""
    left = job.ready + timedelta(seconds=job.delay_seconds) - seen.now
    if left <= timedelta():
        return ""
    return f"its delay of {_seconds(timedelta(seconds=job.delay_seconds))} ends in {_seconds(left)}"


def _limit(seen: Situation) -> str:
    dag = seen.dag
    if dag is None or dag.max_parallel is None or seen.job.node or seen.job.message:
        return ""
    running = sum(job.phase in ("Running", "Serving") for job in dag.jobs)
    if running < dag.max_parallel:
        return ""
    return f"its DAG may run {dag.max_parallel} at once (max_parallel), and {running} are running"


def _words(seen: Situation) -> str:
    """What the scheduler, the kubelet or the last attempt said, as the operator passed it on."""
    if not seen.job.message:
        return ""
    return f"attempt {seen.job.attempt}: {seen.job.message}" if seen.job.attempt else seen.job.message


def _end_of(seen: Situation) -> str:
    job = seen.job
    if job.phase == "Serving":
        return f"is a service and serves{f' on {job.node}' if job.node else ''}"
    if not job.succeeded:
        return f"{'failed' if job.phase == 'Failed' else 'was cancelled'}{_note(job)}"
    if job.approval in ("Pending", "Scheduled"):
        return f"has succeeded; {_gate(names.gate_id(job.job_id), seen.gates.get(job.job_id), seen.now)}"
    return f"has succeeded{f', and its gate is {job.approval}' if job.approval else ''}"


def _enumerate(reasons: Sequence[str]) -> str:
    more = len(reasons) - SHOWN
    return "; ".join([*reasons[:SHOWN], *([f"and {more} parents more"] if more > 0 else [])])


def _note(job: JobView) -> str:
    return f": {job.message}" if job.message else ""


def _subject(job: JobView) -> str:
    return f"job {job.job_id!r}"


def _seconds(span: timedelta) -> str:
    """Two units at most: nobody counts the seconds of two days."""
    seconds = span.total_seconds()
    if seconds < 600:
        return f"{seconds:.1f}s" if seconds < 10 else f"{seconds:.0f}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m" if hours < 24 else f"{hours // 24}d{hours % 24:02d}h"

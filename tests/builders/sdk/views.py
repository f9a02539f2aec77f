"""Views as the SDK hands them out, with everything that a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from titan_api.views import DagView, DecisionView, GateView, JobView

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

_JOB = JobView(
    name="",
    job_id="",
    dag="digits-x7k2p",
    phase="Pending",
    attempt=0,
    node=None,
    exit_code=None,
    message="",
    created=START,
    started=None,
    completed=None,
    parents=(),
    approval=None,
)
_DAG = DagView(
    name="digits-x7k2p",
    display_name="digits",
    namespace="default",
    phase="Running",
    progress="0/1",
    created=START,
    started=START,
    completed=None,
    message="",
    counts={},
    waiting_approvals=0,
    agent_run_id=None,
)
_GATE = GateView(
    gate_id="hitl-gate-draft",
    job_id="draft",
    dag="digits-x7k2p",
    name="digits-x7k2p-draft",
    message="Publish the draft?",
    deadline=START + timedelta(hours=48),
    phase="Pending",
    decisions=(),
    requested_by="alice",
)


def after(seconds: float) -> datetime:
    """A time of the test's day."""
    return START + timedelta(seconds=seconds)


def job_view(job_id: str, phase: str = "Pending", **changes: Any) -> JobView:
    """A job of the DAG digits-x7k2p; one that runs or ran is on node titan-1 since START."""
    ran = {"attempt": 1, "node": "titan-1", "started": START} if phase not in ("Pending", "Cancelled") else {}
    ended = {"completed": after(2)} if phase in ("Succeeded", "Failed") else {}
    return replace(_JOB, name=f"digits-x7k2p-{job_id}", job_id=job_id, phase=phase, **(ran | ended | changes))


def dag_view(*jobs: JobView, phase: str = "Running", **changes: Any) -> DagView:
    """The DAG digits-x7k2p with these jobs."""
    done = sum(job.is_final for job in jobs)
    ended = {"completed": after(7)} if phase in ("Succeeded", "Failed", "Cancelled") else {}
    return replace(_DAG, jobs=jobs, phase=phase, progress=f"{done}/{len(jobs)}", **(ended | changes))


def gate_view(**changes: Any) -> GateView:
    """The gate behind the job draft."""
    return replace(_GATE, **changes)


def decided(verdict: str, comment: str = "") -> GateView:
    """The same gate after bob's decision, Approve or Reject."""
    phase = {"Approve": "Approved", "Reject": "Rejected"}[verdict]
    return gate_view(phase=phase, decisions=(DecisionView("bob", verdict, comment),))

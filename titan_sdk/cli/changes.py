"""A run told line by line, for logs and pipes, where nothing can be redrawn: pure."""

from datetime import datetime
from typing import TYPE_CHECKING

from titan_sdk.cli.ages import format_span
from titan_sdk.cli.board import describe_job, jobs_of

if TYPE_CHECKING:
    from titan_api.views import DagView, JobView


def list_changes(before: "DagView | JobView | None", after: "DagView | JobView", now: datetime) -> list[str]:
    """What a reader of the earlier lines does not know yet; empty if nothing of interest changed."""
    known = {job.job_id: _state(job) for job in jobs_of(before)} if before else {}
    changed = [job for job in jobs_of(after) if known.get(job.job_id, ("Pending", 0, "", "")) != _state(job)]
    lines = [_tell_job(job, now) for job in changed]
    if after.is_final and not (before and before.is_final) and hasattr(after, "progress"):
        span = format_span(after.started or after.created, after.completed, now)
        lines.append(f"{after.name}: {after.phase}, {after.progress} jobs in {span}")
    return lines


def _state(job: "JobView") -> tuple[str, int, str, str]:
    """Only what makes a line worth printing: a gate that is merely scheduled does not."""
    gate = job.approval if job.approval and job.approval != "Scheduled" else ""
    waits = job.message if job.phase == "Pending" else ""
    return job.phase, job.attempt, gate, waits or ""


def _tell_job(job: "JobView", now: datetime) -> str:
    words = [f"{job.job_id}: {job.phase}"]
    if job.phase == "Running":
        words.append(f"on {job.node}" if job.node else "")
        words.append(f"(attempt {job.attempt})" if job.attempt > 1 else "")
    elif job.completed and job.started:
        words.append(f"in {format_span(job.started, job.completed, now)}")
    note = describe_job(job)
    return " ".join(word for word in words if word) + (f", {note}" if note else "")

"""The picture of a running DAG: pure functions from a view to what a terminal shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from titan_api.names import gate_id
from titan_sdk.cli.ages import format_span
from titan_sdk.cli.output import PHASE_STYLES

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from titan_api.views import DagView, JobView

_URGENCY = {"Running": 0, "Serving": 0, "Failed": 1, "Pending": 2, "Cancelled": 3, "Succeeded": 4}
"""Which jobs stay visible when the screen is too small for all."""


def render_board(view: "DagView | JobView", now: datetime, lines: int, footer: str = "") -> "RenderableType":
    """Title, one line a job, and a footer; at most about ``lines`` lines high."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    jobs = jobs_of(view)
    shown = choose_visible(jobs, max(lines - 6, 3))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for header in ("JOB", "PHASE", "NODE", "ATTEMPT", "TIME", ""):
        table.add_column(header, no_wrap=True)
    for job in shown:
        table.add_row(
            Text(job.job_id),
            Text(job.phase, style=PHASE_STYLES.get(job.phase, "")),
            Text(job.node or ""),
            Text(str(job.attempt or "")),
            Text(format_span(job.started, job.completed, now)),
            Text(describe_job(job), style="yellow"),
        )
    hidden = len(jobs) - len(shown)
    more = [Text(f"… and {hidden} more", style="dim")] if hidden else []
    question = [Text(""), Text(footer, style="bold yellow")] if footer else []
    return Group(_title(view, now), Text(""), table, *more, *question)


def jobs_of(view: "DagView | JobView") -> tuple["JobView", ...]:
    """The jobs of a DAG, parents first, or the one job itself."""
    from titan_api.views import JobView

    return (view,) if isinstance(view, JobView) else order_by_parents(view.jobs)


def order_by_parents(jobs: Sequence["JobView"]) -> tuple["JobView", ...]:
    """Parents before children, siblings by id, so that rows never jump about while phases change.

    A graph with a cycle, which only kubectl can create, is shown by id alone.
    """
    from graphlib import CycleError, TopologicalSorter

    by_id = {job.job_id: job for job in jobs}
    sorter = TopologicalSorter({job.job_id: [name for name in job.parents if name in by_id] for job in jobs})
    try:
        sorter.prepare()
    except CycleError:
        return tuple(sorted(jobs, key=lambda job: job.job_id))
    ordered: list[JobView] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered.extend(by_id[job_id] for job_id in ready)
        sorter.done(*ready)
    return tuple(ordered)


def choose_visible(jobs: Sequence["JobView"], limit: int) -> tuple["JobView", ...]:
    """The jobs that matter most now, in the order in which they came."""
    ranked = sorted(range(len(jobs)), key=lambda place: (_urgency(jobs[place]), place))
    return tuple(jobs[place] for place in sorted(ranked[:limit]))


def describe_job(job: "JobView") -> str:
    """What a person should know beyond the phase: an open gate first, else the operator's words."""
    if job.approval == "Pending":
        return f"waits for approval: titan approve {gate_id(job.job_id)}"
    if job.approval in ("Approved", "Rejected", "TimedOut"):
        return f"gate {job.approval}"
    return job.message if job.phase in ("Pending", "Failed", "Cancelled") else ""


def _urgency(job: "JobView") -> int:
    return 0 if job.approval == "Pending" else _URGENCY.get(job.phase, 2)


def _title(view: "DagView | JobView", now: datetime) -> "Text":
    """Name, phase, progress and time; one line."""
    from rich.text import Text

    from titan_api.views import DagView

    span = format_span(view.started or view.created, view.completed, now)
    parts = [(view.phase, PHASE_STYLES.get(view.phase, "")), (span, "")]
    if isinstance(view, DagView):
        parts.insert(1, (view.progress, ""))
    line = Text(view.display_name if isinstance(view, DagView) else view.job_id, style="bold")
    line.append(f"  {view.name}", style="dim")
    for text, style in parts:
        line.append(f"  {text}", style=style)
    return line

"""What a retry is: which DAG may be started again, and what has to be written so that it is.

Pure, so that SDK and store follow one rule. A retry starts the next run of the same DAG: what has succeeded stays, and
what failed or was cancelled runs again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from titan_api.json_types import Raw
from titan_api.views import FINAL_PHASES, DagView, JobView

CANCEL_TAKEN_BACK: Raw = {"spec": {"cancel": False}}
"""The patch of ``cancels_to_undo``."""


def find_obstacle(dag: DagView) -> str | None:
    """Why there is nothing to run again; None: there is something."""
    stopped = dag.counts.get("failed", 0) + dag.counts.get("cancelled", 0)
    if dag.phase == "Succeeded" or (dag.phase not in FINAL_PHASES and not stopped):
        return f"nothing in the DAG {dag.name!r} failed or was cancelled: it is {dag.phase}"
    return None


def cancels_to_undo(jobs: Iterable[JobView]) -> list[str]:
    """Names of the jobs that somebody cancelled one by one: a job enters a run as it is, so this comes before the run.

    Only of jobs that have ended: one that is just being cancelled must not go on because of this.
    """
    return [job.name for job in jobs if job.cancelling and job.is_final]


def current_run(dag: Raw) -> int:
    """The number of the run that was asked for last."""
    return int(dag["spec"].get("run") or 1)


def is_waiting(dag: Raw) -> bool:
    """Whether a run was asked for that the operator has not begun yet: who asks again, means that one."""
    begun = int((dag.get("status") or {}).get("run") or 1)
    return begun < current_run(dag) and not dag["spec"].get("cancel")


def start_run(dag: Raw, run: int) -> dict[str, Any]:
    """The patch that asks for a run, of the DAG as it was read: whoever else has changed it meanwhile is noticed."""
    return {
        "metadata": {"resourceVersion": dag["metadata"]["resourceVersion"]},
        "spec": {"run": run, "cancel": False},
    }

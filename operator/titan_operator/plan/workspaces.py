"""How a job's pod shares files with others: what the runner is told, the volume, and what is said about conflicts."""

from titan_api import names
from titan_api.json_types import Json
from titan_operator.plan.decisions import Note
from titan_operator.plan.observed import ObservedJob
from titan_operator.records import DAGRecord, Outcome, WorkspaceInput

VOLUME = "workspace"
SYNC, CLAIM = "Sync", "Claim"
NAMED = 5
"""At most this many paths are named in an Event."""


def workspace_terms(dag: DAGRecord | None, inputs: tuple[WorkspaceInput, ...]) -> Json:
    """The runner's orders. A job that stands alone has a workspace of its own, and its files are kept."""
    mode = dag.workspace_mode if dag is not None else SYNC
    parents = [{"job": one.job_uid, "attempt": one.attempt} for one in inputs] if mode == SYNC else []
    return {"mode": mode, "parents": parents}


def workspace_volume(dag: DAGRecord | None) -> Json:
    """An empty directory for each pod, or the one volume that all share."""
    if dag is not None and dag.workspace_mode == CLAIM:
        return {"name": VOLUME, "persistentVolumeClaim": {"claimName": dag.workspace_claim}}
    return {"name": VOLUME, "emptyDir": {}}


def conflict_notes(seen: ObservedJob, number: int) -> tuple[Note, ...]:
    """An Event for a job whose parents left different versions of a file."""
    known = seen.outcomes.get(number)
    if not isinstance(known, Outcome) or not known.conflicts:
        return ()
    more = f" and {len(known.conflicts) - NAMED} more" if len(known.conflicts) > NAMED else ""
    named = ", ".join(f'"{path[:150]}"' for path in known.conflicts[:NAMED])
    message = f"parents left different versions of {named}{more}; the job found the one that was left last"
    return (Note("Warning", names.REASON_WORKSPACE_CONFLICT, message),)

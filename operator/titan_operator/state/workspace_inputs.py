"""Whose files a job finds in its workspace: the successful attempts of its parents, as the store is asked for them."""

from titan_operator.records import JobRecord, ParentOutcome, WorkspaceInput
from titan_operator.state.dependencies import Dependencies


def inputs_of(dependencies: Dependencies, job: JobRecord) -> tuple[WorkspaceInput, ...]:
    """The inputs of a job whose parents are done; one step a parent, so ask only then.

    Parents that leave no files, because they ran without the runner or still serve, are replaced by their own.
    """
    found: dict[WorkspaceInput, None] = {}
    visited = {job.key}
    waiting = [job]
    while waiting:
        child = waiting.pop()
        copied = {outcome.job_id for outcome in child.status.parent_outcomes}
        for outcome in child.status.parent_outcomes:
            found.update(dict.fromkeys(outcome.inputs))
        for reference, parent in dependencies.parents(child.key):
            # What was copied stays as it was: a repetition starts from the same files.
            if parent.key in visited or (reference.uid is not None and reference.job_id in copied):
                continue
            visited.add(parent.key)
            if _leaves_files(parent):
                found[WorkspaceInput(parent.meta.uid, parent.status.attempt)] = None
            else:
                waiting.append(parent)
    return tuple(found)


def outcome_to_copy(dependencies: Dependencies, job_id: str, parent: JobRecord) -> ParentOutcome:
    """What a child must know of a parent in an earlier DAG, which may expire any time."""
    own = (WorkspaceInput(parent.meta.uid, parent.status.attempt),)
    inputs = own if _leaves_files(parent) else inputs_of(dependencies, parent)
    return ParentOutcome(job_id, parent.status.node, parent.done, inputs)


def _leaves_files(job: JobRecord) -> bool:
    return not job.is_service and "container" not in job.spec["source"]

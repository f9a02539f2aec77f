"""What of an object's change is news to others: a pass costs half a millisecond, and most changes decide nothing."""

from titan_operator.records import DAGRecord, JobRecord, PodRecord


def speaks_to_jobs(dag: DAGRecord) -> tuple[object, ...]:
    """What of a DAG decides about its jobs."""
    status = dag.status
    return dag.meta.uid, status.sealed_job_count, status.run, dag.has_ended, dag.cancel, dag.suspend, dag.job_count


def speaks_to_gates(job: JobRecord) -> tuple[object, ...]:
    """What of a job decides about the gates behind it."""
    return job.status.phase, job.status.run, job.cancel


def is_news_of_pod(job: JobRecord, before: PodRecord | None, after: PodRecord, *, is_gone: bool) -> bool:
    """Whether a pod's change may decide something about its job."""
    if job.has_ended:
        # What has ended has its time for removal already; what lives on must perhaps be stopped.
        return before is None or not (is_gone or after.has_ended)
    if before is None:
        return is_gone or bool(job.status.conditions) or not _has_just_begun(after)
    return is_gone or _speaks_to_job(before) != _speaks_to_job(after)


def _speaks_to_job(pod: PodRecord) -> tuple[object, ...]:
    """Not the node that was found for it, say, before it runs there."""
    return (
        pod.meta.uid, pod.meta.deleting, pod.phase, pod.reason, pod.disrupted, pod.unschedulable, pod.waiting,
        pod.termination,
    )  # fmt: skip


def _has_just_begun(pod: PodRecord) -> bool:
    """The ordinary state of a new pod: whoever created it knows, and there is nothing to do before the next one."""
    words = pod.reason or pod.disrupted or pod.unschedulable or pod.waiting or pod.termination
    return pod.phase == "Pending" and not pod.meta.deleting and not words

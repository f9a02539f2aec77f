"""Which changes of an object wake others: a pass costs half a millisecond, and most changes decide nothing."""

from titan_operator.records import DAGRecord, JobRecord, PodRecord


def what_wakes_jobs(dag: DAGRecord) -> tuple[object, ...]:
    """The fields of a DAG that decide about its jobs."""
    status = dag.status
    return dag.meta.uid, status.sealed_job_count, status.run, dag.has_ended, dag.cancel, dag.suspend, dag.job_count


def what_wakes_gates(job: JobRecord) -> tuple[object, ...]:
    """The fields of a job that decide about its gates."""
    return job.status.phase, job.status.run, job.cancel


def pod_wakes_job(job: JobRecord, before: PodRecord | None, after: PodRecord, *, is_gone: bool) -> bool:
    """Whether a pod's change may decide something about its job."""
    if job.has_ended:
        # What has ended has its time for removal already; what lives on must perhaps be stopped.
        return before is None or not (is_gone or after.has_ended)
    if before is None:
        return is_gone or bool(job.status.conditions) or not _has_just_begun(after)
    return is_gone or _what_wakes_job(before) != _what_wakes_job(after)


def _what_wakes_job(pod: PodRecord) -> tuple[object, ...]:
    """The fields of a pod that decide about its job: not its node, for example, before it runs there."""
    return (
        pod.meta.uid, pod.meta.deleting, pod.phase, pod.reason, pod.disrupted, pod.unschedulable, pod.waiting,
        pod.termination,
    )  # fmt: skip


def _has_just_begun(pod: PodRecord) -> bool:
    """The ordinary state of a new pod: whoever created it knows, and there is nothing to do before the next one."""
    words = pod.reason or pod.disrupted or pod.unschedulable or pod.waiting or pod.termination
    return pod.phase == "Pending" and not pod.meta.deleting and not words

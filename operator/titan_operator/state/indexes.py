"""Everything that is derived from the cached objects, updated by each change; and which keys a change wakes."""

from collections.abc import Iterable
from datetime import datetime

from titan_api import names
from titan_operator.records import ApprovalRecord, DAGRecord, DeploymentRecord, JobRecord, Key, PodRecord, Record
from titan_operator.state.dag_counts import DagCounts
from titan_operator.state.dependencies import Dependencies
from titan_operator.state.expectations import Expectations
from titan_operator.state.parallel_limit import ParallelLimit, rank_of
from titan_operator.state.services import ServicesByJob
from titan_operator.state.wake_rules import pod_wakes_job, what_wakes_gates, what_wakes_jobs

Wakes = dict[Key, None]
"""Keys to wake, in the order in which they should be looked at."""


class Indexes:
    """Counters by DAG, dependencies, and what belongs to which TitanJob."""

    def __init__(self, expectations: Expectations) -> None:
        self._expectations = expectations
        self._dag_counts: dict[Key, DagCounts] = {}
        self._jobs: dict[str, JobRecord] = {}
        self._pods: dict[str, dict[str, PodRecord]] = {}
        self._gates: dict[str, dict[str, ApprovalRecord]] = {}
        self.dependencies = Dependencies(self._jobs.get, self.awaits_rerun)
        self.services = ServicesByJob()

    # ------------------------------------------------------------ questions
    def dag_counts(self, dag: Key) -> DagCounts:
        """The counters of a DAG."""
        return self._dag_counts.get(dag) or DagCounts()

    def job(self, uid: str) -> JobRecord | None:
        """The TitanJob of that uid."""
        return self._jobs.get(uid)

    def pods(self, job_uid: str) -> tuple[PodRecord, ...]:
        """The pods of a TitanJob, by attempt."""
        return tuple(sorted(self._pods.get(job_uid, {}).values(), key=lambda pod: pod.attempt))

    def gate(self, job: JobRecord) -> ApprovalRecord | None:
        """The gate behind a TitanJob: that of its run, or before it has one the newest that was made for it."""
        gates = self._gates.get(job.meta.uid, {})
        if job.status.run:
            return gates.get(names.approval_name(job.meta.name, job.status.run))
        return max(gates.values(), key=lambda gate: gate.round, default=None)

    def awaits_rerun(self, job: JobRecord) -> bool:
        """Whether a job stopped in an earlier run than the present one of its DAG."""
        return job.awaits_rerun(self._counts_of(job).run)

    def parallel_limit(self, job: JobRecord) -> ParallelLimit:
        """spec.maxParallel of the job's DAG; a job that stands alone has no limit."""
        return self._counts_of(job).parallel_limit

    def next_to_start(self, job: JobRecord) -> Wakes:
        """The job of the same DAG that may start now, because there is room for one more pod."""
        if job.dag is None:
            return {}
        following = self._counts_of(job).parallel_limit.next_job()
        return {Key(names.KIND_JOB, job.meta.namespace, following): None} if following is not None else {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of what is gone: a leak would show here."""
        return not (
            self._dag_counts or self._jobs or self._pods or self._gates or len(self.dependencies) or len(self.services)
        )

    # ------------------------------------------------------------ changes
    def replace(self, before: Record | None, after: Record | None, now: datetime) -> Wakes:
        """Follow one object from one state to the next; None stands for not being there."""
        if before is not None and after is not None and before.meta.uid != after.meta.uid:
            return self.replace(before, None, now) | self.replace(None, after, now)
        match after if after is not None else before:
            case DAGRecord() as dag:
                return self._dag(before, dag, is_gone=after is None)
            case JobRecord() as job:
                return self._job(before, job, is_gone=after is None)
            case ApprovalRecord() as approval:
                return self._approval(before, approval, is_gone=after is None)
            case PodRecord() as pod if pod.serves:
                self.services.put_pod(pod, is_gone=after is None)
                return self._wake_job(pod.serves)
            case PodRecord() as pod:
                return self._pod(pod, now, is_gone=after is None)
            case DeploymentRecord() as deployment:
                self.services.put_deployment(deployment, is_gone=after is None)
                return self._wake_job(deployment.job_uid)
            case None:
                return {}

    def _dag(self, before: Record | None, dag: DAGRecord, *, is_gone: bool) -> Wakes:
        counts = self._dag_counts.setdefault(dag.key, DagCounts())
        counts.dag_is_there = not is_gone
        counts.parallel_limit.limit = dag.max_parallel
        wakes: Wakes = {dag.key: None}
        if is_gone:
            self._expectations.forget_dag(dag.meta.uid)
            self._tidy(dag.key)
            return wakes
        for job in counts.regroup(dag.meta.uid):
            self._count_pods(counts, job)
            wakes |= self._update_dependencies(counts, job)
        rerun = counts.enter_run(dag.status.run)
        for job in rerun:
            wakes |= self._update_dependencies(counts, job)
        if not isinstance(before, DAGRecord) or what_wakes_jobs(before) != what_wakes_jobs(dag):
            wakes |= _by_priority(job for job in counts.members.values() if not job.has_ended)
            wakes |= counts.open_gates
        return wakes | _by_priority(rerun)

    def _job(self, before: Record | None, job: JobRecord, *, is_gone: bool) -> Wakes:
        uid = job.meta.uid
        if is_gone:
            self._jobs.pop(uid, None)
        else:
            self._jobs[uid] = job
        if is_gone or job.has_ended:
            self._expectations.forget(uid)
        wakes: Wakes = {}
        if job.dag is None:
            wakes |= dict.fromkeys(self.dependencies.remove(job) if is_gone else self.dependencies.put(job))
        else:
            dag = Key(names.KIND_DAG, job.meta.namespace, job.dag)
            counts = self._dag_counts.setdefault(dag, DagCounts())
            changed = counts.remove(job.meta.name) if is_gone else counts.put(job)
            if before is None or is_gone:
                self._count_pods(counts, job)
            if is_gone or job.has_ended:
                counts.parallel_limit.leave(job.meta.name)
            wakes |= self._update_dependencies(counts, job) | self.next_to_start(job)
            wakes |= {job.key: None, dag: None} if changed else {}
            self._tidy(dag)
        wakes[job.key] = None
        if not isinstance(before, JobRecord) or what_wakes_gates(before) != what_wakes_gates(job):
            wakes |= {gate.key: None for gate in self._gates.get(uid, {}).values()}
        return wakes

    def _update_dependencies(self, counts: DagCounts, job: JobRecord) -> Wakes:
        """Only members are anybody's parents or children."""
        is_member = counts.members.get(job.meta.name) is job
        woken = self.dependencies.put(job) if is_member else self.dependencies.remove(job)
        if len(woken) > 1:
            siblings = {key: counts.members.get(key.name) for key in woken}
            woken.sort(key=lambda key: -sibling.priority if (sibling := siblings[key]) is not None else 0)
        return dict.fromkeys(woken)

    def _counts_of(self, job: JobRecord) -> DagCounts:
        if job.dag is None:
            return DagCounts()
        return self.dag_counts(Key(names.KIND_DAG, job.meta.namespace, job.dag))

    def _count_pods(self, counts: DagCounts, job: JobRecord) -> None:
        is_member = counts.members.get(job.meta.name) is job
        for pod in self._pods.get(job.meta.uid, {}).values():
            counts.parallel_limit.follow_pod(pod, is_gone=not is_member)

    def _approval(self, before: Record | None, approval: ApprovalRecord, *, is_gone: bool) -> Wakes:
        gates = self._gates.setdefault(approval.job_uid, {})
        if is_gone:
            gates.pop(approval.meta.name, None)
        else:
            gates[approval.meta.name] = approval
        if not gates:
            del self._gates[approval.job_uid]
        wakes: Wakes = {approval.key: None}
        job = self._jobs.get(approval.job_uid)
        if job is not None:
            wakes[job.key] = None
        was_open = isinstance(before, ApprovalRecord) and before.status.phase == "Pending"
        is_open = not is_gone and approval.status.phase == "Pending"
        if approval.dag is not None and was_open != is_open:
            dag = Key(names.KIND_DAG, approval.meta.namespace, approval.dag)
            gates_of_dag = self._dag_counts.setdefault(dag, DagCounts()).open_gates
            if is_open:
                gates_of_dag[approval.key] = None
            else:
                gates_of_dag.pop(approval.key, None)
            wakes[dag] = None
            self._tidy(dag)
        return wakes

    def _pod(self, pod: PodRecord, now: datetime, *, is_gone: bool) -> Wakes:
        pods = self._pods.setdefault(pod.job_uid, {})
        job = self._jobs.get(pod.job_uid)
        known = pods.get(pod.meta.name)
        if is_gone:
            pods.pop(pod.meta.name, None)
        else:
            pods[pod.meta.name] = pod
            if job is None or not job.has_ended:
                self._expectations.saw_pod(pod.job_uid, pod.attempt, now, is_running=pod.phase == "Running")
        if not pods:
            del self._pods[pod.job_uid]
            if job is None:
                self._expectations.forget(pod.job_uid)
        if job is None:
            return {}
        counts = self._counts_of(job)
        if counts.members.get(job.meta.name) is job:
            counts.parallel_limit.follow_pod(pod, is_gone=is_gone)
        wakes: Wakes = {job.key: None} if pod_wakes_job(job, known, pod, is_gone=is_gone) else {}
        return wakes | self.next_to_start(job)

    def _wake_job(self, job_uid: str) -> Wakes:
        job = self._jobs.get(job_uid)
        return {job.key: None} if job is not None else {}

    def _tidy(self, dag: Key) -> None:
        counts = self._dag_counts[dag]
        if counts.is_empty:
            del self._dag_counts[dag]


def _by_priority(jobs: Iterable[JobRecord]) -> Wakes:
    """Higher priority first, then first-in first-out."""
    return {job.key: None for job in sorted(jobs, key=rank_of)}

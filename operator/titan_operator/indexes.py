"""Everything that is derived from the cached objects, moved along by each change; and whom each change wakes."""

from collections.abc import Iterable
from datetime import datetime

from titan_operator.families import Family
from titan_operator.kinship import Kinship
from titan_operator.ledger import Ledger
from titan_operator.records import ApprovalRecord, DAGRecord, JobRecord, Key, PodRecord, Record
from titan_sdk.api import names

Wakes = dict[Key, None]
"""Keys to wake, in the order in which they should be looked at."""


class Indexes:
    """Families by DAG, kinship, and what belongs to which TitanJob."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._families: dict[Key, Family] = {}
        self._jobs: dict[str, JobRecord] = {}
        self._pods: dict[str, dict[str, PodRecord]] = {}
        self._gates: dict[str, dict[str, ApprovalRecord]] = {}
        self.kinship = Kinship(self._jobs.get)

    # ------------------------------------------------------------ questions
    def family(self, dag: Key) -> Family:
        """The jobs of a DAG in sum."""
        return self._families.get(dag) or Family()

    def job(self, uid: str) -> JobRecord | None:
        """The TitanJob of that uid."""
        return self._jobs.get(uid)

    def pods(self, job_uid: str) -> tuple[PodRecord, ...]:
        """The pods of a TitanJob, by attempt."""
        return tuple(sorted(self._pods.get(job_uid, {}).values(), key=lambda pod: pod.attempt))

    def gate(self, job: JobRecord) -> ApprovalRecord | None:
        """The gate behind a TitanJob."""
        return self._gates.get(job.meta.uid, {}).get(names.approval_name(job.meta.name, 1))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of what is gone: a leak would show here."""
        return not (self._families or self._jobs or self._pods or self._gates or len(self.kinship))

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
            case PodRecord() as pod:
                return self._pod(pod, now, is_gone=after is None)
            case None:
                return {}

    def _dag(self, before: Record | None, dag: DAGRecord, *, is_gone: bool) -> Wakes:
        family = self._families.setdefault(dag.key, Family())
        family.dag_is_there = not is_gone
        wakes: Wakes = {dag.key: None}
        if is_gone:
            self._ledger.forget_dag(dag.meta.uid)
            self._tidy(dag.key)
            return wakes
        for job in family.regroup(dag.meta.uid):
            wakes |= self._kin(family, job)
        if not isinstance(before, DAGRecord) or _speaks_to_jobs(before) != _speaks_to_jobs(dag):
            wakes |= _by_priority(job for job in family.members.values() if not job.has_ended)
        return wakes

    def _job(self, before: Record | None, job: JobRecord, *, is_gone: bool) -> Wakes:
        uid = job.meta.uid
        if is_gone:
            self._jobs.pop(uid, None)
        else:
            self._jobs[uid] = job
        if is_gone or job.has_ended:
            self._ledger.forget(uid)
        wakes: Wakes = {}
        if job.dag is None:
            wakes |= dict.fromkeys(self.kinship.remove(job) if is_gone else self.kinship.put(job))
        else:
            dag = Key(names.KIND_DAG, job.meta.namespace, job.dag)
            family = self._families.setdefault(dag, Family())
            changed = family.remove(job.meta.name) if is_gone else family.put(job)
            wakes |= self._kin(family, job)
            wakes |= {job.key: None, dag: None} if changed else {}
            self._tidy(dag)
        wakes[job.key] = None
        if not isinstance(before, JobRecord) or before.status.phase != job.status.phase:
            wakes |= {gate.key: None for gate in self._gates.get(uid, {}).values()}
        return wakes

    def _kin(self, family: Family, job: JobRecord) -> Wakes:
        """Only members are anybody's parents or children."""
        is_member = family.members.get(job.meta.name) is job
        return dict.fromkeys(self.kinship.put(job) if is_member else self.kinship.remove(job))

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
            self._families.setdefault(dag, Family()).open_gates += is_open - was_open
            wakes[dag] = None
            self._tidy(dag)
        return wakes

    def _pod(self, pod: PodRecord, now: datetime, *, is_gone: bool) -> Wakes:
        pods = self._pods.setdefault(pod.job_uid, {})
        job = self._jobs.get(pod.job_uid)
        if is_gone:
            pods.pop(pod.meta.name, None)
        else:
            pods[pod.meta.name] = pod
            if job is None or not job.has_ended:
                self._ledger.saw_pod(pod.job_uid, pod.attempt, now)
        if not pods:
            del self._pods[pod.job_uid]
            if job is None:
                self._ledger.forget(pod.job_uid)
        return {job.key: None} if job is not None else {}

    def _tidy(self, dag: Key) -> None:
        family = self._families[dag]
        if family.is_empty:
            del self._families[dag]


def _speaks_to_jobs(dag: DAGRecord) -> tuple[object, ...]:
    """What of a DAG decides about its jobs."""
    return dag.meta.uid, dag.status.sealed_job_count, dag.has_ended, dag.cancel, dag.suspend, dag.job_count


def _by_priority(jobs: Iterable[JobRecord]) -> Wakes:
    """Higher priority first, then first-in first-out."""
    ordered = sorted(jobs, key=lambda job: (-job.priority, job.meta.created, job.meta.name))
    return {job.key: None for job in ordered}

"""Counters over the jobs of one TitanDAG, updated by each event in one step, so no pass counts a thousand jobs."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from titan_operator.plan.observed import GraphView
from titan_operator.records import JobRecord, Key
from titan_operator.state.parallel_limit import ParallelLimit


@dataclass(slots=True)
class DagCounts:
    """All TitanJobs that name one TitanDAG.

    Members are those that its present incarnation owns, or that nobody owns yet. Jobs of another DAG of the same name,
    which the garbage collector has not removed yet, are kept apart as ``foreign`` and are not counted.
    """

    dag_uid: str | None = None
    """Of the TitanDAG's present incarnation, or of the last one."""
    dag_is_there: bool = False
    members: dict[str, JobRecord] = field(default_factory=dict)
    """By name of the TitanJob."""
    foreign: dict[str, JobRecord] = field(default_factory=dict)
    by_phase: Counter[str] = field(default_factory=Counter)
    """Members by lower-case phase."""
    settled: int = 0
    stopped: int = 0
    run: int = 0
    """The DAG's status.run. A member that stopped in an earlier one is pending again, before its own status says so."""
    open_gates: dict[Key, None] = field(default_factory=dict)
    parallel_limit: ParallelLimit = field(default_factory=ParallelLimit)
    newest: datetime | None = None
    """Creation of the newest member that was ever seen."""
    version: int = 0
    """Rises whenever the set of members changes: the graph is looked at again only then."""
    checked_version: int = -1
    """The version whose graph was found sound."""

    def claims(self, job: JobRecord) -> bool:
        """Whether a job is a member."""
        owner = job.meta.owner_uid
        return owner is None or self.dag_uid is None or owner == self.dag_uid

    def put(self, job: JobRecord) -> bool:
        """Add or update a job; returns whether any counter changed."""
        name = job.meta.name
        if not self.claims(job):
            changed = self._leave(name)
            self.foreign[name] = job
            return changed
        self.foreign.pop(name, None)
        before = self.members.get(name)
        self.members[name] = job
        if before is not None and self._contribution(before) == self._contribution(job):
            return False
        if before is None or before.meta.uid != job.meta.uid:
            self.version += 1
        if before is not None:
            self._count(before, -1)
        self._count(job, +1)
        self.newest = max(self.newest, job.meta.created) if self.newest is not None else job.meta.created
        return True

    def remove(self, name: str) -> bool:
        """Remove a job; returns whether any counter changed."""
        self.foreign.pop(name, None)
        return self._leave(name)

    def regroup(self, dag_uid: str) -> list[JobRecord]:
        """Switch to another incarnation of the DAG; returns the jobs that became members or stopped being members."""
        if dag_uid == self.dag_uid:
            return []
        self.dag_uid = dag_uid
        self.checked_version = -1
        moved = [job for job in self.members.values() if not self.claims(job)]
        moved += [job for job in self.foreign.values() if self.claims(job)]
        for job in moved:
            self.put(job)
        return moved

    def enter_run(self, run: int) -> list[JobRecord]:
        """Switch to another run; returns the members that are pending again. The only call that visits all members."""
        if run == self.run:
            return []
        changed = [job for job in self.members.values() if job.awaits_rerun(run) != job.awaits_rerun(self.run)]
        for job in changed:
            self._count(job, -1)
        self.run = run
        self.checked_version = -1
        for job in changed:
            self._count(job, +1)
        return changed

    def graph(self) -> GraphView:
        """The shape of the DAG, read from all members: ask only when the version has changed."""
        parents: dict[str, tuple[str, ...]] = {}
        duplicates: list[str] = []
        for job in self.members.values():
            if job.job_id in parents:
                duplicates.append(job.job_id)
            parents[job.job_id] = tuple(parent.job_id for parent in job.parents if parent.uid is None)
        return GraphView(parents, tuple(sorted(set(duplicates))))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it."""
        return not (self.dag_is_there or self.members or self.foreign or self.open_gates)

    def _leave(self, name: str) -> bool:
        job = self.members.pop(name, None)
        if job is None:
            return False
        self.version += 1
        self._count(job, -1)
        return True

    def _count(self, job: JobRecord, step: int) -> None:
        _, phase, is_settled, is_stopped = self._contribution(job)
        self.by_phase[phase] += step
        if not self.by_phase[phase]:
            del self.by_phase[phase]
        self.settled += step * is_settled
        self.stopped += step * is_stopped

    def _contribution(self, job: JobRecord) -> tuple[str, str, bool, bool]:
        """What a job adds to the counters."""
        if job.awaits_rerun(self.run):
            has_succeeded = job.status.phase == "Succeeded"
            return job.meta.uid, "succeeded" if has_succeeded else "pending", False, False
        return job.meta.uid, job.status.phase.lower(), job.is_settled, job.is_settled and job.stops_children

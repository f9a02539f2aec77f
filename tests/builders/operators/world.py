"""A whole Titan in memory: jobs, gates, pods, store records and people, driven by the planners alone.

Each ``step`` is one pass of the operator for one object. A pass may be cut off after any prefix of its plan, as if
the operator had been killed there; what was executed stays, what it only remembered is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from builders.operators.records import NOW, SETTINGS, a_dag, a_failure, a_job, a_pod, a_success, an_approval
from titan_operator.plan.approvals import plan_approval
from titan_operator.plan.dags import plan_dag
from titan_operator.plan.decisions import AdoptJob, CreateApproval, CreatePod, DeletePod, JobPlan
from titan_operator.plan.jobs import plan_job
from titan_operator.plan.observed import (
    Culprit,
    GraphView,
    Lookup,
    ObservedApproval,
    ObservedDAG,
    ObservedJob,
    ParentsView,
)
from titan_operator.records import ApprovalRecord, DAGRecord, Decision, JobRecord, Outcome, PodRecord

from titan_api import names


@dataclass(frozen=True)
class Script:
    """What a job will do: how many attempts fail before one succeeds, and what people say at its gate."""

    failures: int = 0
    limit: int = 3
    gate: str | None = None
    """None: no gate; Approve, Reject, or Silence until the deadline."""


@dataclass
class World:
    graph: dict[str, tuple[str, ...]]
    scripts: dict[str, Script]
    now: datetime = NOW
    dag: DAGRecord = field(init=False)
    jobs: dict[str, JobRecord] = field(init=False)
    approvals: dict[str, ApprovalRecord] = field(default_factory=dict)
    pods: dict[tuple[str, int], PodRecord] = field(default_factory=dict)
    records: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    """What the store knows."""
    remembered: set[tuple[str, int]] = field(default_factory=set)
    """Attempts that this operator process started or saw; lost when it is killed."""
    starts: list[tuple[str, int]] = field(default_factory=list)
    """One entry a process that really started: the side file."""
    streamed: set[tuple[str, int]] = field(default_factory=set)
    """Records that reached this operator process before it asked; lost when it is killed."""
    inherited: bool = False
    limit: int | None = None
    """spec.maxParallel."""
    former_gates: list[ApprovalRecord] = field(default_factory=list)
    """Of earlier rounds."""

    def __post_init__(self) -> None:
        self.dag = a_dag(jobs=len(self.graph), sealed=False, max_parallel=self.limit)
        self.jobs = {}
        for job_id, parents in self.graph.items():
            self._arrive(job_id, parents)

    def _arrive(self, job_id: str, parents: tuple[str, ...]) -> None:
        script = self.scripts[job_id]
        spec: dict[str, object] = {"retry": {"limit": script.limit, "backoffSeconds": 1}}
        if script.gate is not None:
            spec["approval"] = {"message": job_id, "timeoutSeconds": 60}
        job = a_job(job_id, parents=parents, spec=spec)
        self.jobs[job_id] = replace(job, meta=replace(job.meta, created=self.now))

    # ------------------------------------------------------------ the operator
    def step(self, job_id: str | None, *, cut: int | None = None) -> bool:
        """One pass for a job (with its gate) or, for None, the DAG; whether it did anything."""
        if job_id is None:
            return self._step_dag(cut)
        return self._step_gate(job_id, cut) | self._step_job(job_id, cut)

    def kill_operator(self) -> None:
        self.remembered.clear()
        self.streamed.clear()
        self.inherited = True

    def _step_job(self, job_id: str, cut: int | None) -> bool:
        job, asked = self.jobs[job_id], None
        plan = plan_job(self._observe(job, None))
        if plan.ask_outcome is not None:
            asked = plan.ask_outcome
            plan = plan_job(self._observe(job, asked))
        assert plan.ask_outcome is None, "the planner asks again for what it was told"
        return self._execute(job_id, plan, cut)

    def _execute(self, job_id: str, plan: JobPlan, cut: int | None) -> bool:
        steps = len(plan.actions) + (plan.status is not None)
        for position, action in enumerate(plan.actions):
            if cut is not None and position >= cut:
                self.kill_operator()
                return True
            match action:
                case CreatePod(_, attempt):
                    self._create_pod(job_id, attempt)
                case DeletePod(name):
                    self.pods = {key: pod for key, pod in self.pods.items() if pod.meta.name != name}
                case CreateApproval(manifest):
                    self._create_gate(job_id, manifest["spec"]["subject"]["round"])
                case AdoptJob():
                    raise AssertionError("every job here has its owner and labels")
        if plan.status is not None:
            if cut is not None and cut < steps:
                self.kill_operator()
                return True
            self.jobs[job_id] = replace(self.jobs[job_id], status=plan.status)
        return steps > 0

    def _create_gate(self, job_id: str, round_number: int) -> None:
        known = self.approvals.get(job_id)
        if known is not None and known.round < round_number:
            self.former_gates.append(self.approvals.pop(job_id))
        meta = replace(self.jobs[job_id].meta, created=self.now)
        self.approvals.setdefault(job_id, an_approval(self.jobs[job_id], round=round_number, meta=meta))

    def gate(self, job: JobRecord) -> ApprovalRecord | None:
        """That of the job's run."""
        gate = self.approvals.get(job.job_id)
        return gate if gate is not None and job.status.run in (0, gate.round) else None

    def _create_pod(self, job_id: str, attempt: int) -> None:
        self.remembered.add((job_id, attempt))
        if (job_id, attempt) not in self.pods:  # AlreadyExists is adopted
            self.pods[job_id, attempt] = a_pod(self.jobs[job_id], attempt, phase="Pending", node=None, started=None)

    def _observe(self, job: JobRecord, asked: int | None) -> ObservedJob:
        pods = tuple(pod for (owner, _), pod in sorted(self.pods.items()) if owner == job.job_id)
        outcomes: dict[int, Outcome | Lookup] = {
            attempt: self.records[owner, attempt] for owner, attempt in self.streamed if owner == job.job_id
        }
        if asked is not None:
            outcomes[asked] = self.records.get((job.job_id, asked), Lookup.ABSENT)
        self.remembered |= {(job.job_id, pod.attempt) for pod in pods}
        gone = {attempt for owner, attempt in self.remembered if owner == job.job_id} - {pod.attempt for pod in pods}
        return ObservedJob(
            now=self.now,
            job=job,
            dag=self.dag,
            parents=self._parents(job),
            pods=pods,
            first_seen={pod.attempt: NOW for pod in pods},
            vanished=frozenset(gone),
            outcomes=outcomes,
            inherited=self.inherited,
            approval=self.gate(job),
            settings=SETTINGS,
            awaits_rerun=self.awaits_rerun(job),
            may_start=self.limit is None or self.living < self.limit,
        )

    def _parents(self, job: JobRecord) -> ParentsView:
        parents = [self.jobs[reference.job_id] for reference in job.parents]
        stopped = [parent for parent in parents if parent.stops_children and not self.awaits_rerun(parent)]
        culprit = Culprit(stopped[0].job_id, names.REASON_PARENT_FAILED) if stopped else None
        unmet = sum(not parent.lets_children_go for parent in parents)
        times = [parent.status.completed for parent in parents if parent.status.completed is not None]
        return ParentsView(unmet=unmet, culprit=culprit, done=max(times) if times and not unmet else None)

    def _step_gate(self, job_id: str, cut: int | None) -> bool:
        approval = self.approvals.get(job_id)
        if approval is None:
            return False
        plan = plan_approval(ObservedApproval(self.now, approval, self.jobs[job_id], self.dag))
        if plan.status is None:
            return False
        if cut == 0:
            self.kill_operator()
            return True
        self.approvals[job_id] = replace(approval, status=plan.status)
        return True

    def _step_dag(self, cut: int | None) -> bool:
        jobs = [job for job in self.jobs.values() if not self.awaits_rerun(job)]
        counts: dict[str, int] = {}
        for job in self.jobs.values():
            is_reset = self.awaits_rerun(job) and job.status.phase != "Succeeded"
            phase = "pending" if is_reset else job.status.phase.lower()
            counts[phase] = counts.get(phase, 0) + 1
        plan = plan_dag(
            ObservedDAG(
                now=self.now,
                dag=self.dag,
                jobs=len(self.jobs),
                counts=counts,
                settled=sum(job.is_settled for job in jobs),
                stopped=sum(job.is_settled and job.stops_children for job in jobs),
                waiting_approvals=sum(gate.status.phase == "Pending" for gate in self.approvals.values()),
                newest_job=NOW,
                graph=GraphView(self.graph),
                last_write=None,
            )
        )
        if plan.status is None:
            return False
        if cut == 0:
            self.kill_operator()
            return True
        self.dag = replace(self.dag, status=plan.status)
        return True

    def awaits_rerun(self, job: JobRecord) -> bool:
        return job.awaits_rerun(self.dag.status.run)

    @property
    def living(self) -> int:
        """Pods that have not ended."""
        return sum(not pod.has_ended for pod in self.pods.values())

    # ------------------------------------------------------------ the requester
    def ask_for_a_run(self) -> None:
        self.dag = replace(self.dag, run=self.dag.run + 1, cancel=False)

    def suspend(self, on: bool) -> None:
        self.dag = replace(self.dag, suspend=on)

    def cancel_dag(self) -> None:
        self.dag = replace(self.dag, cancel=True)

    def cancel_job(self, job_id: str) -> None:
        self.jobs[job_id] = replace(self.jobs[job_id], cancel=True)

    def add(self, job_id: str, parents: tuple[str, ...]) -> None:
        """One more job, as the SDK adds it: announced first."""
        self.scripts = {**self.scripts, job_id: Script()}
        self.graph = {**self.graph, job_id: parents}
        self.dag = replace(self.dag, job_count=(self.dag.job_count or 0) + 1)
        self._arrive(job_id, parents)

    # ------------------------------------------------------------ everybody else
    def run_pod(self, job_id: str, *, record_first: bool, vanish: bool) -> bool:
        """Let the newest living pod of a job run to its end; its record and its status arrive in either order.

        Where the record came first, the next call lets the pod's status follow.
        """
        living = [key for key, pod in sorted(self.pods.items()) if key[0] == job_id and not pod.has_ended]
        if not living:
            return False
        key = living[-1]
        has_run = key in self.starts
        if not has_run:
            self.starts.append(key)
            failed = sum(1 for owner, _ in self.starts if owner == job_id) <= self.scripts[job_id].failures
            self.records[key] = a_failure(key[1]) if failed else a_success(key[1])
        if vanish:
            del self.pods[key]
        elif record_first and not has_run:
            self.streamed.add(key)
        else:
            phase = "Succeeded" if self.records[key].is_success else "Failed"
            self.pods[key] = replace(self.pods[key], phase=phase, node="node-1")
        return True

    def people_decide(self, job_id: str) -> bool:
        gate, wish = self.approvals.get(job_id), self.scripts[job_id].gate
        if gate is None or gate.decisions or wish not in ("Approve", "Reject"):
            return False
        self.approvals[job_id] = replace(gate, decisions=(Decision("ann", wish),))
        return True

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def settle(self, watch: Callable[[list[tuple[str, int]]], None] = lambda pods: None) -> None:
        """Run everything to the end; bounded, so a livelock fails the test.

        ``watch`` is called after each pass, with the pods that there were before it.
        """
        for _ in range(60 + 40 * len(self.jobs)):
            busy = self.step(None)
            for job_id in self.jobs:
                before = list(self.pods)
                busy |= self.step(job_id)
                watch(before)
            for job_id in self.jobs:
                busy |= self.run_pod(job_id, record_first=False, vanish=False)
                busy |= self.people_decide(job_id)
            if not busy and self.dag.has_ended:
                return
            self.pass_time(30)
        raise AssertionError("the world does not come to rest")

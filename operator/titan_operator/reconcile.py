"""The recipe of a pass, the same for every object:

    observe -> plan -> execute each action -> one status write, if it changed -> events

Observing reads the cache alone and includes the time; planning is pure (see plan/); executing is fenced and may be
repeated. A pass that fails is simply run again, later.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from titan_api import names
from titan_api.verdicts import FINAL_VERDICTS
from titan_kube.errors import Forbidden
from titan_operator import records
from titan_operator.clocks import Clock
from titan_operator.cluster.audit import record_decisions
from titan_operator.cluster.events import Events
from titan_operator.cluster.protections import Protections
from titan_operator.execute import Executor, Refusal
from titan_operator.observe import is_behind, observe_approval, observe_dag, observe_job
from titan_operator.plan import decisions
from titan_operator.plan.approvals import plan_approval
from titan_operator.plan.dags import plan_dag
from titan_operator.plan.jobs import plan_job, refuse
from titan_operator.plan.observed import Lookup, ObservedJob, PodSettings
from titan_operator.plan.waits import refused
from titan_operator.state.cache import Cache
from titan_operator.watching.outcomes import OutcomeSource


@dataclass(frozen=True)
class Reconciler:
    """One pass for one key at a time; different keys may have theirs at once."""

    cache: Cache
    executor: Executor
    outcomes: OutcomeSource
    events: Events
    settings: Callable[[], PodSettings]
    clock: Clock
    wake: Callable[[Iterable[records.Key]], None]
    protections: Protections

    async def reconcile(self, key: records.Key) -> float | None:
        """Run one pass; returns the seconds until the next is due anyway. Raises APIError to be retried."""
        assert self.cache.is_synced, "nothing is planned before every kind was listed"
        if self.executor.is_in_doubt(key):
            await self.executor.refresh(key)
        match key.kind:
            case names.KIND_JOB:
                return await self._job(key)
            case names.KIND_DAG:
                return await self._dag(key)
            case names.KIND_APPROVAL:
                return await self._approval(key)
            case _:
                return None

    async def _job(self, key: records.Key) -> float | None:
        seen = await self._observe_job(key)
        if seen is None:
            return None
        plan = plan_job(seen)
        if plan.ask_outcome is not None:
            asked = plan.ask_outcome
            seen = await self._observe_with_answer(seen.job, asked)
            if seen is None:
                return None
            plan = plan_job(seen)
            if plan.ask_outcome is not None:
                return 0.0  # The world has moved on meanwhile.
        return await self._carry_out_job(seen, plan)

    async def _observe_job(self, key: records.Key) -> ObservedJob | None:
        seen = observe_job(self.cache, key, self.settings(), self.clock.now(), {})
        if seen is None or not is_behind(self.cache, seen):
            return seen
        await self.executor.refresh(key)
        seen = observe_job(self.cache, key, self.settings(), self.clock.now(), {})
        if seen is not None:
            self.cache.expectations.refreshed(seen.job.meta.uid, seen.job.meta.resource_version)
        return seen

    async def _observe_with_answer(self, job: records.JobRecord, attempt: int) -> ObservedJob | None:
        """Ask the store, and look at everything again: time has passed."""
        answer = await self.outcomes.look_up(job.meta.namespace, job.meta.uid, attempt)
        answers: dict[int, Lookup] = {}
        if isinstance(answer, Lookup):
            answers[attempt] = answer
        else:
            self.cache.expectations.record(job.meta.uid, answer)
        return observe_job(self.cache, job.key, self.settings(), self.clock.now(), answers)

    async def _carry_out_job(self, seen: ObservedJob, plan: decisions.JobPlan) -> float | None:
        status = plan.status
        self.cache.expectations.wait(seen.job.meta.uid, plan.wait)
        with self._reserve_pods(seen.job, plan):
            for action in plan.actions:
                refusal = await self._execute(action, seen)
                if refusal is not None:
                    status = refuse(seen, refusal.reason, refusal.message)
                    break
        return await self._finish(seen.job, plan, status)

    @contextmanager
    def _reserve_pods(self, job: records.JobRecord, plan: decisions.JobPlan) -> Iterator[None]:
        """Queue up behind the DAG's parallel limit, or hold the room that the pass found free until the pods exist."""
        limit = self.cache.indexes.parallel_limit(job)
        pods = [
            str(action.manifest["metadata"]["name"])
            for action in plan.actions
            if isinstance(action, decisions.CreatePod)
        ]
        if plan.queues_up:
            limit.queue_up(job)
        else:
            limit.leave(job.meta.name)
        for pod in pods:
            limit.reserve(pod)
        try:
            if not plan.queues_up:
                self.wake(self.cache.indexes.next_to_start(job))
            yield
        finally:
            for pod in pods:
                limit.release(pod)
            if pods:
                self.wake(self.cache.indexes.next_to_start(job))

    async def _execute(self, action: decisions.Action, seen: ObservedJob) -> Refusal | None:
        """A refusal that may pass is tried again; the person who waits for the job is told why."""
        try:
            return await self.executor.execute(action, seen.job)
        except Forbidden as error:
            status = refused(seen, error.words)
            if isinstance(action, decisions.CreatePod | decisions.CreateServing) and status != seen.job.status:
                await self.executor.write_status(seen.job, status)
            self.events.post(seen.job, decisions.Note("Warning", "Forbidden", error.words))
            raise

    async def _dag(self, key: records.Key) -> float | None:
        seen = observe_dag(self.cache, key, self.clock.now())
        if seen is None:
            return None
        counts = self.cache.indexes.dag_counts(key)
        version = counts.version
        plan = plan_dag(seen)
        if decisions.Expire() in plan.actions:
            await self.executor.expire(seen.dag)
        requeue_after = await self._finish(seen.dag, plan, plan.status)
        counts.checked_version = version
        return requeue_after

    async def _approval(self, key: records.Key) -> float | None:
        approval = self.cache.approval(key)
        if approval is None or approval.status.phase in FINAL_VERDICTS:
            return None
        protection = await self.protections.current()
        seen = observe_approval(self.cache, key, self.clock.now(), protection)
        if seen is None:
            return None
        plan = plan_approval(seen)
        requeue_after = await self._finish(seen.approval, plan, plan.status)
        if plan.status is not None:
            record_decisions(seen.approval, plan.status)
        return requeue_after

    async def _finish(
        self,
        record: records.DAGRecord | records.JobRecord | records.ApprovalRecord,
        plan: decisions.JobPlan | decisions.DAGPlan | decisions.ApprovalPlan,
        status: records.JobStatus | records.DAGStatus | records.ApprovalStatus | None,
    ) -> float | None:
        if status is not None and status != record.status:
            await self.executor.write_status(record, status)
        for note in plan.notes:
            self.events.post(record, note)
        return plan.requeue_after

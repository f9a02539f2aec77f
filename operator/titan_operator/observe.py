"""Takes from the cache everything that decides about one object, as frozen views for the planners, with the time."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice

from titan_api import names
from titan_api.parents import STOPPING
from titan_operator.plan import observed
from titan_operator.records import DAGRecord, JobRecord, Key, Outcome, ParentOutcome
from titan_operator.state.cache import Cache
from titan_operator.state.dependencies import ParentCounts
from titan_operator.state.workspace_inputs import inputs_of, outcome_to_copy

LISTED_MISSING = 3
"""At most this many missing parents are named in a message."""


def observe_job(
    cache: Cache, key: Key, settings: observed.PodSettings, now: datetime, answers: Mapping[int, observed.Lookup]
) -> observed.ObservedJob | None:
    """Everything about a TitanJob; ``answers`` is what the store said in this pass where it had no record."""
    job = cache.job(key)
    if job is None:
        return None
    trace = cache.expectations.trace(job.meta.uid)
    pods = cache.indexes.pods(job.meta.uid)
    dag = cache.dag(Key(names.KIND_DAG, key.namespace, job.dag)) if job.dag is not None else None
    outcomes: dict[int, Outcome | observed.Lookup] = {**answers, **trace.outcomes}
    return observed.ObservedJob(
        now=now,
        job=job,
        dag=dag,
        parents=_parents(cache, job, dag),
        pods=pods,
        first_seen=dict(trace.first_seen),
        vanished=frozenset(trace.first_seen) - {pod.attempt for pod in pods},
        outcomes=outcomes,
        inherited=trace.must_ask,
        approval=cache.indexes.gate(job) if job.has_gate else None,
        settings=settings,
        awaits_rerun=cache.indexes.awaits_rerun(job),
        may_start=cache.indexes.parallel_limit(job).may_start(job),
        waits=trace.waits,
        service=cache.indexes.services.view(job.meta.uid) if job.is_service else observed.ServiceView(),
    )


def observe_dag(cache: Cache, key: Key, now: datetime) -> observed.ObservedDAG | None:
    """Everything about a TitanDAG; its graph only if it has not been checked yet."""
    dag = cache.dag(key)
    if dag is None:
        return None
    counts = cache.indexes.dag_counts(key)
    return observed.ObservedDAG(
        now=now,
        dag=dag,
        jobs=len(counts.members),
        counts=dict(counts.by_phase),
        settled=counts.settled,
        stopped=counts.stopped,
        waiting_approvals=len(counts.open_gates),
        newest_job=counts.newest,
        graph=counts.graph() if counts.version != counts.checked_version else None,
        last_write=cache.expectations.last_dag_write(dag.meta.uid),
    )


def observe_approval(
    cache: Cache, key: Key, now: datetime, protection: observed.Protection
) -> observed.ObservedApproval | None:
    """Everything about a TitanApproval."""
    approval = cache.approval(key)
    if approval is None:
        return None
    job = cache.indexes.job(approval.job_uid)
    dag = cache.dag(Key(names.KIND_DAG, key.namespace, job.dag)) if job is not None and job.dag is not None else None
    return observed.ObservedApproval(now, approval, job, dag, protection)


def is_behind(cache: Cache, seen: observed.ObservedJob) -> bool:
    """Whether the job's pods show a later attempt than its status can explain.

    An attempt is started only after the end of the one before it is in status, so the view of the job is old: watches
    of different kinds run at different speeds. False if it was read anew since, and is still the same.
    """
    status = seen.job.status
    is_open = bool(status.attempts) and status.attempts[-1].ended is None
    explained = status.attempts[-1].number if is_open else status.attempt + 1
    if all(pod.attempt <= explained for pod in seen.pods):
        return False
    return cache.expectations.trace(seen.job.meta.uid).refreshed_version < seen.job.meta.resource_version


def _parents(cache: Cache, job: JobRecord, dag: DAGRecord | None) -> observed.ParentsView:
    if not job.parents:
        return observed.ParentsView()
    counts = cache.indexes.dependencies.parent_counts(job.key)
    missing = tuple(counts.places[place].job_id for place in islice(counts.absent, LISTED_MISSING))
    culprit = _culprit(counts)
    if culprit is None and missing and dag is not None and _all_have_arrived(dag):
        culprit = observed.Culprit(missing[0], names.REASON_PARENT_MISSING)
    is_ready = counts.unmet == 0
    return observed.ParentsView(
        unmet=counts.unmet,
        missing=missing,
        culprit=culprit,
        gated=_gated(counts),
        done=_latest(job, counts) if is_ready else None,
        outcomes_to_copy=() if is_ready else _outcomes_to_copy(cache, job),
        nodes=_nodes(cache, job) if is_ready and job.spec.get("affinity") else (),
        services=_services(cache, job) if is_ready and job.spec.get("affinity") else (),
        inputs=inputs_of(cache.indexes.dependencies, job) if is_ready and not job.has_ended else (),
    )


def _culprit(counts: ParentCounts) -> observed.Culprit | None:
    for place, standing in counts.culprits.items():
        return observed.Culprit(counts.places[place].job_id, STOPPING[standing])
    return None


def _gated(counts: ParentCounts) -> str | None:
    """A parent whose gate is all that keeps the job."""
    if not counts.gated or len(counts.gated) < counts.unmet:
        return None
    return counts.places[next(iter(counts.gated))].job_id


def _all_have_arrived(dag: DAGRecord) -> bool:
    """A parent that is absent from a complete DAG was there at the sealing, and has been deleted."""
    return dag.job_count is not None and dag.status.sealed_job_count >= dag.job_count


def _latest(job: JobRecord, counts: ParentCounts) -> datetime | None:
    moments = [outcome.completed for outcome in job.status.parent_outcomes if outcome.completed is not None]
    if counts.latest is not None:
        moments.append(counts.latest)
    return max(moments, default=None)


def _outcomes_to_copy(cache: Cache, job: JobRecord) -> tuple[ParentOutcome, ...]:
    if all(parent.uid is None for parent in job.parents):
        return ()
    copied = {outcome.job_id for outcome in job.status.parent_outcomes}
    return tuple(
        outcome_to_copy(cache.indexes.dependencies, reference.job_id, parent)
        for reference, parent in cache.indexes.dependencies.parents(job.key)
        if reference.uid is not None and reference.job_id not in copied and parent.lets_children_go
    )


def _nodes(cache: Cache, job: JobRecord) -> tuple[str, ...]:
    ran = [parent.status.node for _, parent in cache.indexes.dependencies.parents(job.key)]
    ran += [outcome.node for outcome in job.status.parent_outcomes]
    return tuple(dict.fromkeys(node for node in ran if node))


def _services(cache: Cache, job: JobRecord) -> tuple[str, ...]:
    parents = [parent for _, parent in cache.indexes.dependencies.parents(job.key)]
    return tuple(parent.meta.uid for parent in parents if parent.status.phase == "Serving")

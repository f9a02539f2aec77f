"""All that may hold a job up, gathered from the cache for ``reasons.explain``: the page says what ``titan why`` says. Pure."""

from datetime import datetime

from titan_api.reasons import Situation
from titan_api.views import DagView, GateView, JobView, view_gate
from titan_store.views.cached.cache import Cache
from titan_store.views.cached.records import JobRecord, Json

_BUSY = ("Running", "Serving")


def gather(cache: Cache, raw: Json, job: JobRecord, now: datetime) -> Situation:
    """What is known about a job; ``raw`` is its TitanJob, which alone says who its parents of earlier DAGs are."""
    siblings = cache.jobs_of(job.namespace, job.dag) if job.dag is not None else ()
    by_id = {one.job_id: one for one in siblings}
    parents = {
        reference["jobID"]: _find_parent(cache, job.namespace, reference, by_id)
        for reference in raw["spec"].get("parents") or ()
    }
    dag = _view_dag(cache, job)
    gated = [one for one in (job, *parents.values()) if one is not None and one.approval == "Pending"]
    return Situation(
        job=job.view,
        now=now,
        dag=dag,
        dag_is_missing=job.dag is not None and dag is None,
        parents={job_id: parent.view if parent is not None else None for job_id, parent in parents.items()},
        gates={one.job_id: gate for one in gated if (gate := _find_gate(cache, one)) is not None},
    )


def find_children(cache: Cache, job: JobRecord) -> list[str]:
    """Ids of the jobs of its DAG that wait for it."""
    if job.dag is None:
        return []
    return [one.job_id for one in cache.jobs_of(job.namespace, job.dag) if job.job_id in one.parents]


def _view_dag(cache: Cache, job: JobRecord) -> DagView | None:
    """With those of its jobs that the sentence counts: all before it begins, then those that run."""
    dag = cache.dag(job.namespace, job.dag) if job.dag is not None else None
    if dag is None:
        return None
    jobs: tuple[JobView, ...] = ()
    if dag.phase == "Pending" or dag.max_parallel is not None:
        siblings = cache.jobs_of(dag.namespace, dag.name)
        jobs = tuple(one.view for one in siblings if dag.phase == "Pending" or one.phase in _BUSY)
    return dag.view(jobs)


def _find_parent(cache: Cache, namespace: str, reference: Json, siblings: dict[str, JobRecord]) -> JobRecord | None:
    if not reference.get("uid"):
        return siblings.get(reference["jobID"])
    found = cache.job(namespace, reference.get("name") or "")
    return found if found is not None and found.uid == reference["uid"] else None


def _find_gate(cache: Cache, job: JobRecord) -> GateView | None:
    gates = cache.gates_of(job.namespace, job.name)
    return view_gate(gates[-1].raw) if gates else None

"""All that may hold a job up, as the cache has it, for ``reasons.explain``: the page says what ``titan why`` says. Pure."""

from datetime import datetime

from titan_api import situations
from titan_api.json_types import Json
from titan_api.reasons import Situation
from titan_api.views import DagView, GateView, JobView, view_gate
from titan_store.views.cached.cache import Cache
from titan_store.views.cached.records import JobRecord

_BUSY = ("Running", "Serving")


def gather(cache: Cache, raw: Json, job: JobRecord, now: datetime) -> Situation:
    """What is known about a job; ``raw`` is its TitanJob."""
    return situations.gather(job.view, raw["spec"].get("parents") or (), now, _Surroundings(cache, job))


def find_children(cache: Cache, job: JobRecord) -> list[str]:
    """Ids of the jobs of its DAG that wait for it."""
    if job.dag is None:
        return []
    return [one.job_id for one in cache.jobs_of(job.namespace, job.dag) if job.job_id in one.parents]


class _Surroundings:
    def __init__(self, cache: Cache, job: JobRecord) -> None:
        self._cache = cache
        self._job = job
        self._siblings = cache.jobs_of(job.namespace, job.dag) if job.dag is not None else ()
        self._by_id = {one.job_id: one for one in self._siblings}

    def dag(self) -> DagView | None:
        dag = self._cache.dag(self._job.namespace, self._job.dag) if self._job.dag is not None else None
        if dag is None:
            return None
        counted = (one.view for one in self._siblings if dag.phase == "Pending" or one.phase in _BUSY)
        return dag.view(tuple(counted) if dag.phase == "Pending" or dag.max_parallel is not None else ())

    def sibling(self, job_id: str) -> JobView | None:
        return _view(self._by_id.get(job_id))

    def job(self, name: str) -> JobView | None:
        return _view(self._cache.job(self._job.namespace, name))

    def gate(self, job: JobView) -> GateView | None:
        gates = self._cache.gates_of(self._job.namespace, job.name)
        return view_gate(gates[-1].raw) if gates else None


def _view(record: JobRecord | None) -> JobView | None:
    return record.view if record is not None else None

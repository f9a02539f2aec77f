"""The jobs of the cache: by name, by DAG in the order of their creation, and those that have not ended."""

from collections.abc import Iterator, Sequence

from titan_store.views.cached.dag_tables import Namespaces
from titan_store.views.cached.records import JobRecord


class _Members:
    """The jobs of one DAG."""

    __slots__ = ("by_name", "ordered")

    def __init__(self) -> None:
        self.by_name: dict[str, JobRecord] = {}
        self.ordered: list[str] | None = None
        """Names in the order of creation; None: to be sorted when somebody asks."""


class JobTable:
    """All jobs."""

    def __init__(self) -> None:
        self._by_namespace: dict[str, dict[str, JobRecord]] = {}
        self._open: dict[tuple[str, str], JobRecord] = {}
        self._members: dict[tuple[str, str], _Members] = {}

    def find(self, namespace: str, name: str) -> JobRecord | None:
        """One job."""
        return self._by_namespace.get(namespace, {}).get(name)

    def of_dag(self, namespace: str, dag: str) -> Sequence[JobRecord]:
        """In the order of their creation."""
        members = self._members.get((namespace, dag))
        if members is None:
            return []
        if members.ordered is None:
            members.ordered = [job.name for job in sorted(members.by_name.values(), key=lambda job: job.age)]
        return [members.by_name[name] for name in members.ordered]

    def all(self) -> Iterator[JobRecord]:
        """In no order; there may be tens of thousands."""
        return (job for jobs in self._by_namespace.values() for job in jobs.values())

    def open(self, namespaces: Namespaces) -> Iterator[JobRecord]:
        """Those that have not ended, in no order."""
        return (job for job in self._open.values() if namespaces is None or job.namespace in namespaces)

    def put(self, job: JobRecord) -> JobRecord | None:
        """What was there before it."""
        known = self.find(job.namespace, job.name)
        if known is not None and known.dag != job.dag:
            self._leave(known)
        self._by_namespace.setdefault(job.namespace, {})[job.name] = job
        if job.is_final:
            self._open.pop((job.namespace, job.name), None)
        else:
            self._open[job.namespace, job.name] = job
        if job.dag is not None:
            members = self._members.setdefault((job.namespace, job.dag), _Members())
            members.by_name[job.name] = job
            if known is None or (known.age, known.dag) != (job.age, job.dag):
                members.ordered = None
        return known

    def pop(self, namespace: str, name: str) -> JobRecord | None:
        """What was there."""
        jobs = self._by_namespace.get(namespace, {})
        known = jobs.pop(name, None)
        if known is None:
            return None
        if not jobs:
            del self._by_namespace[namespace]
        self._open.pop((namespace, name), None)
        self._leave(known)
        return known

    def _leave(self, job: JobRecord) -> None:
        if job.dag is None:
            return
        members = self._members[job.namespace, job.dag]
        del members.by_name[job.name]
        members.ordered = None
        if not members.by_name:
            del self._members[job.namespace, job.dag]

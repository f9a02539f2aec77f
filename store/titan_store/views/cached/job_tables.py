"""The jobs of the cache: by name, by DAG in the order of their creation, and those that have not ended."""

from collections.abc import Iterator, Sequence

from titan_store.views.cached.records import JobRecord
from titan_store.views.cached.tables import Namespaces, Table


class _Members:
    """The jobs of one DAG."""

    __slots__ = ("by_name", "ordered")

    def __init__(self) -> None:
        self.by_name: dict[str, JobRecord] = {}
        self.ordered: list[str] | None = None
        """Names in the order of creation; None: to be sorted when somebody asks."""


class JobTable(Table[JobRecord]):
    """All jobs."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[tuple[str, str], JobRecord] = {}
        self._members: dict[tuple[str, str], _Members] = {}

    def of_dag(self, namespace: str, dag: str) -> Sequence[JobRecord]:
        """In the order of their creation."""
        members = self._members.get((namespace, dag))
        if members is None:
            return []
        if members.ordered is None:
            members.ordered = [job.name for job in sorted(members.by_name.values(), key=lambda job: job.age)]
        return [members.by_name[name] for name in members.ordered]

    def open(self, namespaces: Namespaces) -> Iterator[JobRecord]:
        """Those that have not ended, in no order."""
        return (job for job in self._open.values() if namespaces is None or job.namespace in namespaces)

    def put(self, item: JobRecord) -> JobRecord | None:
        """What was there before it."""
        known = super().put(item)
        if known is not None and known.dag != item.dag:
            self._leave(known)
        if item.is_final:
            self._open.pop((item.namespace, item.name), None)
        else:
            self._open[item.namespace, item.name] = item
        if item.dag is not None:
            members = self._members.setdefault((item.namespace, item.dag), _Members())
            members.by_name[item.name] = item
            if known is None or (known.age, known.dag) != (item.age, item.dag):
                members.ordered = None
        return known

    def pop(self, namespace: str, name: str) -> JobRecord | None:
        """What was there."""
        known = super().pop(namespace, name)
        if known is not None:
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

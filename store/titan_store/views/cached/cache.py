"""All records, by what they are looked up by. Nothing here asks anybody; ``following`` fills it.

Whoever wants to hear of changes gives ``tell``; it is called after the change, and never for one that nobody can see.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from titan_api import names
from titan_store.cluster.edges import NODE
from titan_store.views.cached.dag_tables import DagTable
from titan_store.views.cached.gate_tables import GateTable
from titan_store.views.cached.job_tables import JobTable
from titan_store.views.cached.records import DagRecord, GateRecord, JobRecord, Kind, NodeRecord, Record
from titan_store.views.cached.tables import Namespaces, Table, sees


class Change(NamedTuple):
    """Something of this kind and name is different now."""

    kind: Kind
    namespace: str
    name: str
    dag: str | None


class Cache:
    """The cluster as the views see it."""

    def __init__(self, tell: Callable[[Change], None]) -> None:
        self._tell = tell
        self._dags = DagTable()
        self._jobs = JobTable()
        self._gates = GateTable()
        self._nodes: Table[NodeRecord] = Table()
        self._tables: Mapping[str, Table[Any]] = {
            names.KIND_DAG: self._dags,
            names.KIND_JOB: self._jobs,
            names.KIND_APPROVAL: self._gates,
            NODE: self._nodes,
        }
        self._populations: Counter[str] = Counter()
        """Objects of the three kinds by namespace; those without any are absent."""
        self.version = 0
        """Raised with every change: what was computed of an older one may be out of date."""

    # ------------------------------------------------------------ changing
    def apply(self, record: Record) -> None:
        """It is there now, and like this."""
        table = self._tables[record.kind]
        if table.find(record.namespace, record.name) == record:
            return
        if table.put(record) is None and record.namespace:
            self._populations[record.namespace] += 1
        self._changed(record)

    def remove(self, kind: str, namespace: str, name: str) -> None:
        """It is gone; unknown ones are no mistake."""
        known: Record | None = self._tables[kind].pop(namespace, name)
        if known is None:
            return
        if namespace:
            self._populations[namespace] -= 1
            if not self._populations[namespace]:
                del self._populations[namespace]
        self._changed(known)

    def keep_only(self, kind: str, uids: set[str]) -> None:
        """After a complete list: what it did not name is gone."""
        for record in [found for found in self._tables[kind].all() if found.uid not in uids]:
            self.remove(kind, record.namespace, record.name)

    def _changed(self, record: Record) -> None:
        self.version += 1
        self._tell(Change(record.kind, record.namespace, record.name, record.dag))

    # ------------------------------------------------------------ DAGs
    def dags(self, namespaces: Namespaces) -> Sequence[DagRecord]:
        """The newest first."""
        return self._dags.newest_first(namespaces)

    def dag(self, namespace: str, name: str) -> DagRecord | None:
        """One DAG."""
        return self._dags.find(namespace, name)

    def namespaces(self) -> dict[str, int]:
        """Those that hold any of the three kinds, with the number of their DAGs."""
        return {namespace: self._dags.counts[namespace] for namespace in sorted(self._populations)}

    # ------------------------------------------------------------ jobs
    def jobs_of(self, namespace: str, dag: str) -> Sequence[JobRecord]:
        """The jobs of a DAG in the order of their creation."""
        return self._jobs.of_dag(namespace, dag)

    def job(self, namespace: str, name: str) -> JobRecord | None:
        """One job."""
        return self._jobs.find(namespace, name)

    def open_jobs(self, namespaces: Namespaces) -> Iterator[JobRecord]:
        """Those that have not ended, in no order."""
        return self._jobs.open(namespaces)

    def services(self, namespaces: Namespaces) -> Sequence[JobRecord]:
        """Services that have not ended, the newest first."""
        found = (job for job in self.open_jobs(namespaces) if job.is_service)
        return sorted(found, key=lambda job: job.age, reverse=True)

    # ------------------------------------------------------------ gates and nodes
    def gates(self, namespaces: Namespaces) -> Iterator[GateRecord]:
        """Every gate, in no order."""
        return (gate for gate in self._gates.all() if sees(namespaces, gate.namespace))

    def gate(self, namespace: str, name: str) -> GateRecord | None:
        """One gate."""
        return self._gates.find(namespace, name)

    def gates_of(self, namespace: str, job: str) -> Sequence[GateRecord]:
        """The gates behind a TitanJob of this name, the newest round last."""
        return self._gates.of_job(namespace, job)

    def nodes(self) -> Sequence[NodeRecord]:
        """By name."""
        return sorted(self._nodes.all(), key=lambda node: node.name)

"""The DAGs of the cache: by name, and in the order of their age."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Sequence

from titan_store.views.cached.records import Age, DagRecord
from titan_store.views.memos import Memo

Namespaces = frozenset[str] | None
"""Those that somebody may see; None: all."""


def sees(namespaces: Namespaces, namespace: str) -> bool:
    """Whether this one is among them."""
    return namespaces is None or namespace in namespaces


class DagTable:
    """All DAGs."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], DagRecord] = {}
        self._ages: list[tuple[Age, str]] = []
        """The oldest first, with their namespaces."""
        self._version = 0
        self._lists: Memo[Sequence[DagRecord]] = Memo()
        self.counts: Counter[str] = Counter()
        """By namespace."""

    def find(self, namespace: str, name: str) -> DagRecord | None:
        """One DAG."""
        return self._by_name.get((namespace, name))

    def newest_first(self, namespaces: Namespaces) -> Sequence[DagRecord]:
        """All of these namespaces."""
        return self._lists.get(self._version, namespaces, lambda: self._list(namespaces))

    def all(self) -> Collection[DagRecord]:
        """In no order."""
        return self._by_name.values()

    def put(self, dag: DagRecord) -> DagRecord | None:
        """What was there before it."""
        known = self.find(dag.namespace, dag.name)
        if known is None or known.age != dag.age:
            self._forget_age(known)
            insort(self._ages, (dag.age, dag.namespace))
        self.counts[dag.namespace] += known is None
        self._by_name[dag.namespace, dag.name] = dag
        self._version += 1
        return known

    def pop(self, namespace: str, name: str) -> DagRecord | None:
        """What was there."""
        known = self._by_name.pop((namespace, name), None)
        if known is not None:
            self._forget_age(known)
            self.counts[namespace] -= 1
            self._version += 1
        return known

    def _list(self, namespaces: Namespaces) -> Sequence[DagRecord]:
        chosen = ((namespace, age[2]) for age, namespace in reversed(self._ages))
        return [self._by_name[key] for key in chosen if namespaces is None or key[0] in namespaces]

    def _forget_age(self, dag: DagRecord | None) -> None:
        if dag is not None:
            del self._ages[bisect_left(self._ages, (dag.age, dag.namespace))]

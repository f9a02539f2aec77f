"""The DAGs of the cache: by name, and in the order of their age."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence

from titan_store.views.cached.records import Age, DagRecord
from titan_store.views.cached.tables import Namespaces, Table
from titan_store.views.memos import Memo


class DagTable(Table[DagRecord]):
    """All DAGs."""

    def __init__(self) -> None:
        super().__init__()
        self._ages: list[tuple[Age, str]] = []
        """The oldest first, with their namespaces."""
        self._version = 0
        self._lists: Memo[Sequence[DagRecord]] = Memo()
        self.counts: Counter[str] = Counter()
        """By namespace."""

    def newest_first(self, namespaces: Namespaces) -> Sequence[DagRecord]:
        """All of these namespaces."""
        return self._lists.get(self._version, namespaces, lambda: self._list(namespaces))

    def put(self, item: DagRecord) -> DagRecord | None:
        """What was there before it."""
        known = super().put(item)
        if known is None or known.age != item.age:
            self._forget_age(known)
            insort(self._ages, (item.age, item.namespace))
        self.counts[item.namespace] += known is None
        self._version += 1
        return known

    def pop(self, namespace: str, name: str) -> DagRecord | None:
        """What was there."""
        known = super().pop(namespace, name)
        if known is not None:
            self._forget_age(known)
            self.counts[namespace] -= 1
            self._version += 1
        return known

    def _list(self, namespaces: Namespaces) -> Sequence[DagRecord]:
        chosen = ((namespace, age[2]) for age, namespace in reversed(self._ages))
        return [
            self._by_namespace[namespace][name]
            for namespace, name in chosen
            if namespaces is None or namespace in namespaces
        ]

    def _forget_age(self, dag: DagRecord | None) -> None:
        if dag is not None:
            del self._ages[bisect_left(self._ages, (dag.age, dag.namespace))]

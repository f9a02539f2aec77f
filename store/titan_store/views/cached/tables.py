"""Records of one kind by namespace and name, and which namespaces somebody may see."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from titan_store.views.cached.records import Record

Item = TypeVar("Item", bound=Record)
Namespaces = frozenset[str] | None
"""Those that somebody may see; None: all."""


def sees(namespaces: Namespaces, namespace: str) -> bool:
    """Whether this one is among them."""
    return namespaces is None or namespace in namespaces


class Table(Generic[Item]):
    """All records of a kind."""

    def __init__(self) -> None:
        self._by_namespace: dict[str, dict[str, Item]] = {}

    def find(self, namespace: str, name: str) -> Item | None:
        """One of them."""
        return self._by_namespace.get(namespace, {}).get(name)

    def all(self) -> Iterator[Item]:
        """In no order; there may be tens of thousands."""
        return (item for items in self._by_namespace.values() for item in items.values())

    def put(self, item: Item) -> Item | None:
        """What was there before it."""
        items = self._by_namespace.setdefault(item.namespace, {})
        known = items.get(item.name)
        items[item.name] = item
        return known

    def pop(self, namespace: str, name: str) -> Item | None:
        """What was there."""
        items = self._by_namespace.get(namespace, {})
        known = items.pop(name, None)
        if known is not None and not items:
            del self._by_namespace[namespace]
        return known

"""Which objects carry which value of a label, so that a list by label need not look at all objects.

A label is indexed when somebody first selects by it: most are never asked for. Without the index ``get_job_status``
would cost a look at each of the thousands of finished jobs of a namespace.
"""

from collections.abc import Iterable, Mapping

from titan_api.json_types import Raw

Key = tuple[str, str]
Entries = Mapping[Key, tuple[Raw, bytes]]
Carries = tuple[str, frozenset[str]]
"""A label and the values of which an object must carry one."""

_NO_LABELS: Mapping[str, str] = {}


class LabelIndex:
    """The objects of one resource by those labels that were asked for."""

    def __init__(self) -> None:
        self._keys: dict[str, dict[str, set[Key]]] = {}
        """By label, then by value."""

    def update(self, key: Key, before: Raw | None, after: Raw | None) -> None:
        """An object was written or removed."""
        for label, by_value in self._keys.items():
            old, new = _value(before, label), _value(after, label)
            if old == new:
                continue
            if old is not None:
                by_value[old].discard(key)
                if not by_value[old]:
                    del by_value[old]
            if new is not None:
                by_value.setdefault(new, set()).add(key)

    def find(self, wanted: Iterable[Carries], entries: Entries) -> set[Key] | None:
        """A superset of what carries all that is wanted: the fewest that one of the labels leaves.

        None if that is most of what is there, so that to look at all is cheaper. ``entries`` are all objects of the
        resource, for a label that is new here.
        """
        best: tuple[int, str, frozenset[str]] | None = None
        for label, values in wanted:
            by_value = self._keys.get(label)
            if by_value is None:
                by_value = self._index(label, entries)
            count = sum(len(by_value.get(value, ())) for value in values)
            if best is None or count < best[0]:
                best = count, label, values
        if best is None or best[0] * 2 > len(entries):
            return None
        _, label, values = best
        return set().union(*(self._keys[label].get(value, ()) for value in values))

    def _index(self, label: str, entries: Entries) -> dict[str, set[Key]]:
        by_value: dict[str, set[Key]] = {}
        for key, (obj, _) in entries.items():
            value = _value(obj, label)
            if value is not None:
                by_value.setdefault(value, set()).add(key)
        self._keys[label] = by_value
        return by_value


def _value(obj: Raw | None, label: str) -> str | None:
    return None if obj is None else (obj["metadata"].get("labels") or _NO_LABELS).get(label)

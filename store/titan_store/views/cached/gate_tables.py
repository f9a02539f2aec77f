"""The gates of the cache: by name, and by the job that they stand behind."""

from collections.abc import Sequence

from titan_store.views.cached.records import GateRecord
from titan_store.views.cached.tables import Table


class GateTable(Table[GateRecord]):
    """All gates."""

    def __init__(self) -> None:
        super().__init__()
        self._by_job: dict[tuple[str, str], dict[str, GateRecord]] = {}

    def of_job(self, namespace: str, job: str) -> Sequence[GateRecord]:
        """Those behind a job, the newest round last."""
        found = self._by_job.get((namespace, job), {}).values()
        return sorted(found, key=lambda gate: (gate.raw["spec"]["subject"].get("round") or 1, gate.created))

    def put(self, item: GateRecord) -> GateRecord | None:
        """What was there before it."""
        known = self.pop(item.namespace, item.name)
        super().put(item)
        self._by_job.setdefault((item.namespace, item.job), {})[item.name] = item
        return known

    def pop(self, namespace: str, name: str) -> GateRecord | None:
        """What was there."""
        known = super().pop(namespace, name)
        if known is not None:
            gates = self._by_job[namespace, known.job]
            del gates[name]
            if not gates:
                del self._by_job[namespace, known.job]
        return known

"""The gates of the cache: by name, and by the job that they stand behind."""

from collections.abc import Collection, Sequence

from titan_store.views.cached.records import GateRecord


class GateTable:
    """All gates."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], GateRecord] = {}
        self._by_job: dict[tuple[str, str], dict[str, GateRecord]] = {}

    def find(self, namespace: str, name: str) -> GateRecord | None:
        """One gate."""
        return self._by_name.get((namespace, name))

    def of_job(self, namespace: str, job: str) -> Sequence[GateRecord]:
        """Those behind a job, the newest round last."""
        found = self._by_job.get((namespace, job), {}).values()
        return sorted(found, key=lambda gate: (gate.raw["spec"]["subject"].get("round") or 1, gate.created))

    def all(self) -> Collection[GateRecord]:
        """In no order."""
        return self._by_name.values()

    def put(self, gate: GateRecord) -> GateRecord | None:
        """What was there before it."""
        known = self.pop(gate.namespace, gate.name)
        self._by_name[gate.namespace, gate.name] = gate
        self._by_job.setdefault((gate.namespace, gate.job), {})[gate.name] = gate
        return known

    def pop(self, namespace: str, name: str) -> GateRecord | None:
        """What was there."""
        known = self._by_name.pop((namespace, name), None)
        if known is None:
            return None
        gates = self._by_job[namespace, known.job]
        del gates[name]
        if not gates:
            del self._by_job[namespace, known.job]
        return known

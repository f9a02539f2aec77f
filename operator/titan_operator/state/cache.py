"""The operator's view of the cluster, kept up to date by watch events, answers to its own calls, and resyncs.

Invariants, each kept in ``apply``: the newer resourceVersion of an object wins; an object that was seen to be gone
never comes back (tombstones by uid: a late answer cannot resurrect it); another uid under the same name replaces the
old object only if it is newer. Nothing here raises: what cannot be read is logged and left out.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from titan_api import names
from titan_api.json_types import Raw
from titan_operator.records import KIND_DEPLOYMENT, KIND_POD, ApprovalRecord, DAGRecord, JobRecord, Key, Record
from titan_operator.records.parsing import parse_approval, parse_dag, parse_job
from titan_operator.records.pods_and_outcomes import parse_deployment, parse_pod
from titan_operator.state.expectations import Expectations
from titan_operator.state.indexes import Indexes, Wakes

log = logging.getLogger(__name__)

WATCHED_KINDS = (names.KIND_DAG, names.KIND_JOB, names.KIND_APPROVAL, KIND_POD, KIND_DEPLOYMENT)
DEPENDENTS = (KIND_POD, KIND_DEPLOYMENT)
"""Kinds about which nothing is planned: they wake the job that they belong to."""
KEPT_TOMBSTONES = 50_000
"""Far more than can vanish while a late answer is on its way."""

_PARSERS: Mapping[str, Callable[[Raw], Record]] = {
    names.KIND_DAG: parse_dag,
    names.KIND_JOB: parse_job,
    names.KIND_APPROVAL: parse_approval,
    KIND_POD: parse_pod,
    KIND_DEPLOYMENT: parse_deployment,
}


class Cache:
    """Slim records of the watched kinds, and what is derived from them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._records: dict[Key, Record] = {}
        self._tombstones: dict[str, None] = {}
        self.expectations = Expectations()
        self.indexes = Indexes(self.expectations)
        self.is_synced = False
        """Whether all kinds were listed completely once. Before that nothing may be planned."""

    # ------------------------------------------------------------ what is there
    def dag(self, key: Key) -> DAGRecord | None:
        """The TitanDAG of that key."""
        record = self._records.get(key)
        return record if isinstance(record, DAGRecord) else None

    def job(self, key: Key) -> JobRecord | None:
        """The TitanJob of that key."""
        record = self._records.get(key)
        return record if isinstance(record, JobRecord) else None

    def approval(self, key: Key) -> ApprovalRecord | None:
        """The TitanApproval of that key."""
        record = self._records.get(key)
        return record if isinstance(record, ApprovalRecord) else None

    def uid(self, key: Key) -> str | None:
        """uid of whatever has that key."""
        record = self._records.get(key)
        return record.meta.uid if record is not None else None

    def records(self) -> Iterable[Record]:
        """Everything: for start-up and tests, never for a pass."""
        return self._records.values()

    def open_attempts(self) -> list[tuple[JobRecord, int]]:
        """Attempts that began and whose end is not in status: asked only when outcomes may have been missed."""
        attempts: list[tuple[JobRecord, int]] = []
        for record in self._records.values():
            if isinstance(record, JobRecord) and not record.has_ended:
                known = record.status.attempts[-1] if record.status.attempts else None
                begun = {known.number} if known is not None and known.ended is None else set()
                begun |= set(self.expectations.trace(record.meta.uid).first_seen)
                ended = {attempt.number for attempt in record.status.attempts if attempt.ended is not None}
                attempts += [(record, number) for number in sorted(begun - ended)]
        return attempts

    def size(self, kind: str) -> int:
        """Objects of a kind, for metrics."""
        return sum(key.kind == kind for key in self._records)

    # ------------------------------------------------------------ changes
    def apply(self, kind: str, raw: Raw, *, deleted: bool = False) -> Wakes:
        """Apply a state of an object, from any source; returns the keys to wake."""
        try:
            if not deleted and self._is_old(kind, raw["metadata"]):
                return {}
            record = _PARSERS[kind](raw)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("ignored a %s that cannot be read: %r", kind, error)
            return {}
        if deleted:
            return self.remove(record.key, record.meta.uid)
        before = self._records.get(record.key)
        if before is not None and before.meta.uid != record.meta.uid:
            self._add_tombstone(before.meta.uid)
        self._records[record.key] = record
        return self.indexes.replace(before, record, self._clock())

    def remove(self, key: Key, uid: str) -> Wakes:
        """The API server says that this incarnation is not there any more."""
        self._add_tombstone(uid)
        before = self._records.get(key)
        if before is None or before.meta.uid != uid:
            return {}
        del self._records[key]
        return self.indexes.replace(before, None, self._clock())

    def remove_absent(self, kind: str, namespace: str | None, listed: set[str], version: int) -> Wakes:
        """Remove what a complete list of that resourceVersion does not have; what is newer than the list stays."""
        gone = [
            record
            for key, record in self._records.items()
            if key.kind == kind
            and (namespace is None or key.namespace == namespace)
            and record.meta.resource_version <= version
            and record.meta.uid not in listed
        ]
        wakes: Wakes = {}
        for record in gone:
            wakes |= self.remove(record.key, record.meta.uid)
        return wakes

    def finish_sync(self) -> Wakes:
        """All kinds were listed once: wake everything, and ask the store before a start that may be a repetition."""
        self.is_synced = True
        for record in self._records.values():
            if isinstance(record, JobRecord) and not record.has_ended:
                self.expectations.doubt(record.meta.uid)
        planned = [record for record in self._records.values() if record.key.kind not in DEPENDENTS]
        planned.sort(key=lambda record: -record.priority if isinstance(record, JobRecord) else 0)
        return {record.key: None for record in planned}

    def _is_old(self, kind: str, meta: Raw) -> bool:
        """Checked before anything is parsed: the watch event of each of our own writes arrives here."""
        if meta["uid"] in self._tombstones:
            return True
        before = self._records.get(Key(kind, meta.get("namespace", ""), meta["name"]))
        return before is not None and int(meta.get("resourceVersion") or 0) <= before.meta.resource_version

    def _add_tombstone(self, uid: str) -> None:
        self._tombstones[uid] = None
        if len(self._tombstones) > KEPT_TOMBSTONES:
            del self._tombstones[next(iter(self._tombstones))]

"""Every state that each gate was ever in, and what must hold of them when all is over."""

import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from titan_api import names
from titan_api.json_types import Json
from titan_api.verdicts import FINAL_VERDICTS
from titan_sdk.cluster.kube import Kube
from titan_sdk.errors import TitanError

VERDICTS = {"Approve": "Approved", "Reject": "Rejected"}


@dataclass(frozen=True)
class Start:
    """One process of a job behind a gate, as it told itself."""

    job: str
    attempt: int
    time: float


class GateWatch(threading.Thread):
    """Reads the watch of all TitanApprovals until ``stop``."""

    def __init__(self, kube: Kube) -> None:
        super().__init__(daemon=True)
        self._kube = kube
        self._over = threading.Event()
        self.states: dict[str, list[Json]] = {}
        """Every object seen, by name, in order."""

    def run(self) -> None:
        while not self._over.is_set():
            try:
                listing = self._kube.list(names.PLURAL_APPROVALS)
                for raw in listing.items:
                    self._note(raw)
                self._follow(listing.version)
            except TitanError:  # Among them that the version is too old to watch from.
                self._over.wait(0.1)

    def stop(self) -> None:
        """No more is read; a watch that is open ends with the process."""
        self._over.set()

    def _follow(self, version: str) -> None:
        for kind, raw in self._kube.watch(names.PLURAL_APPROVALS, version):
            if self._over.is_set():
                return
            if kind in ("ADDED", "MODIFIED"):
                self._note(raw)

    def _note(self, raw: Json) -> None:
        states = self.states.setdefault(raw["metadata"]["name"], [])
        if not states or states[-1]["metadata"]["resourceVersion"] != raw["metadata"]["resourceVersion"]:
            states.append(raw)


def find_changes_of_mind(states: Iterable[Json]) -> str:
    """A gate that had a verdict keeps it, with its time and its people."""
    final = [raw["status"] for raw in states if (raw.get("status") or {}).get("phase")]
    outcomes = {
        (status["phase"], status.get("decidedTime"), tuple(status.get("decidedBy") or ()))
        for place, status in enumerate(final)
        if status["phase"] in FINAL_VERDICTS or any(earlier["phase"] in FINAL_VERDICTS for earlier in final[:place])
    }
    return "" if len(outcomes) == 1 else f"outcomes: {sorted(map(str, outcomes))}"


def find_broken_audit(gate: Json, acknowledged: Counter[tuple[str, str]], verdict: str) -> str:
    """What people were told is recorded is recorded, nothing else is, and the first of it decided."""
    decisions, status = gate["spec"].get("decisions") or [], gate.get("status") or {}
    recorded = Counter((decision["user"], decision["verdict"]) for decision in decisions)
    if recorded != acknowledged:
        return f"recorded {dict(recorded)}, but acknowledged {dict(acknowledged)}"
    if status.get("phase") != verdict:
        return f"is {status.get('phase')}, not {verdict}"
    people = [] if verdict == "TimedOut" else [decisions[0]["user"]]
    if status.get("decidedBy", []) != people:
        return f"decidedBy is {status.get('decidedBy')}, not {people}"
    return ""


def find_wrong_starts(gate: Json, starts: list[Start]) -> str:
    """The job behind an approved gate started once, after the decision; behind any other gate never."""
    if (gate.get("status") or {}).get("phase") != "Approved":
        return f"started behind a closed gate: {starts}" if starts else ""
    if [start.attempt for start in starts] != [1]:
        return f"should have started once: {starts}"
    decided = datetime.fromisoformat(gate["status"]["decidedTime"]).timestamp()
    return "" if starts[0].time >= decided else f"started {decided - starts[0].time:.3f} s before the decision"


def find_missing_lines(gate: Json, log: str, *, may_be_lost: bool) -> str:
    """The operator's log tells of the verdict once; not at all only if the operator was killed meanwhile."""
    wanted = f"gate {gate['metadata']['namespace']}/{gate['metadata']['name']}: {gate['status']['phase']} ("
    count = log.count(wanted)
    return "" if count == 1 or (may_be_lost and count == 0) else f"{count} lines of the log tell of it"


def read_starts(ledger: Path) -> dict[str, list[Start]]:
    """By job."""
    starts: dict[str, list[Start]] = {}
    for line in ledger.read_text().splitlines():
        entry = json.loads(line)
        starts.setdefault(entry["job"], []).append(Start(entry["job"], int(entry["attempt"]), entry["time"]))
    return starts

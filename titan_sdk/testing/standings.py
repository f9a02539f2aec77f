"""What one job means to others and to its DAG: pure functions over the objects of a fake cluster."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
FINAL = frozenset({"Succeeded", "Failed", "Cancelled"})
UNDECIDED = frozenset({"Scheduled", "Pending"})


def phase_of(job: Json) -> str:
    """The phase of a TitanJob."""
    return str((job.get("status") or {}).get("phase") or "Pending")


def verdict_at(job: Json) -> str | None:
    """The state of the gate behind a TitanJob; None without one."""
    if not job["spec"].get("approval"):
        return None
    return str((job.get("status") or {}).get("approval") or "Scheduled")


def lets_children_go(job: Json) -> bool:
    """Whether a job is done as far as its children are concerned."""
    return phase_of(job) in ("Succeeded", "Serving") and verdict_at(job) in (None, "Approved")


def stops_children(job: Json) -> bool:
    """Whether its children can never run."""
    return phase_of(job) in ("Failed", "Cancelled") or verdict_at(job) in ("Rejected", "TimedOut")


def is_settled(job: Json) -> bool:
    """Whether nothing more happens to a job, nor at the gate behind it."""
    return stops_children(job) or (phase_of(job) == "Succeeded" and verdict_at(job) not in UNDECIDED)


def reason_to_stop(parent: Json) -> str:
    """Why the children of a parent are cancelled."""
    job_id, verdict = parent["spec"]["jobID"], verdict_at(parent)
    if phase_of(parent) == "Succeeded" and verdict == "Rejected":
        return f'the gate behind the parent "{job_id}" was rejected'
    if phase_of(parent) == "Succeeded" and verdict == "TimedOut":
        return f'the gate behind the parent "{job_id}" timed out'
    return f'the parent "{job_id}" failed or was cancelled'


@dataclass(frozen=True)
class Family:
    """A TitanDAG with its TitanJobs."""

    dag: Json
    jobs: tuple[Json, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all announced jobs are there: none starts before."""
        return bool(self.jobs) and len(self.jobs) >= (self.dag["spec"].get("jobCount") or 0)

    def status(self) -> Json:
        """The fields of the TitanDAG's status that follow from its jobs."""
        counts: dict[str, int] = {}
        for job in self.jobs:
            counts[phase_of(job).lower()] = counts.get(phase_of(job).lower(), 0) + 1
        ended = sum(counts.get(phase.lower(), 0) for phase in FINAL)
        return {
            "run": self.dag["spec"].get("run") or 1,
            "counts": counts,
            "waitingApprovals": sum(verdict_at(job) == "Pending" for job in self.jobs),
            "progress": f"{ended}/{max(len(self.jobs), self.dag['spec'].get('jobCount') or 0)}",
        }

    def end(self) -> tuple[str, str] | None:
        """Phase and message of the DAG's end; None while it goes on."""
        cancelled = self.dag["spec"].get("cancel")
        if not cancelled and not (self.is_complete and all(map(is_settled, self.jobs))):
            return None
        if cancelled and not all(phase_of(job) in FINAL for job in self.jobs):
            return None
        if not any(map(stops_children, self.jobs)) and all(map(is_settled, self.jobs)):
            return "Succeeded", f"{len(self.jobs)} jobs succeeded"
        if cancelled:
            return "Cancelled", "the DAG was cancelled"
        counts = self.status()["counts"]
        failed, stopped = counts.get("failed", 0), counts.get("cancelled", 0)
        return "Failed", f"{failed} failed and {stopped} cancelled of {len(self.jobs)} jobs"


def find_parents(job: Json, siblings: Mapping[str, Json], by_uid: Mapping[str, Json]) -> list[Json | None]:
    """The TitanJobs for which a job waits; None for one that is not there."""
    references: Iterable[Json] = job["spec"].get("parents") or ()
    return [
        by_uid.get(reference["uid"]) if reference.get("uid") else siblings.get(reference["jobID"])
        for reference in references
    ]

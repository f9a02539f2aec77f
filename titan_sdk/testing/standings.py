"""What one job means to others and to its DAG: pure functions over the objects of a fake cluster."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from titan_api.json_types import Json
from titan_api.parents import Standing, is_settled, judge, stops_children
from titan_api.views import FINAL_PHASES


def phase_of(job: Json) -> str:
    """The phase of a TitanJob."""
    return str((job.get("status") or {}).get("phase") or "Pending")


def verdict_at(job: Json) -> str | None:
    """The state of the gate behind a TitanJob; None without one."""
    if not job["spec"].get("approval"):
        return None
    return str((job.get("status") or {}).get("approval") or "Scheduled")


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
        ended = sum(counts.get(phase.lower(), 0) for phase in FINAL_PHASES)
        return {
            "run": self.dag["spec"].get("run") or 1,
            "counts": counts,
            "waitingApprovals": sum(verdict_at(job) == "Pending" for job in self.jobs),
            "progress": f"{ended}/{max(len(self.jobs), self.dag['spec'].get('jobCount') or 0)}",
        }

    def end(self) -> tuple[str, str] | None:
        """Phase and message of the DAG's end; None while it goes on."""
        cancelled = self.dag["spec"].get("cancel")
        if not cancelled and not (self.is_complete and self._is_settled()):
            return None
        if cancelled and not all(phase_of(job) in FINAL_PHASES for job in self.jobs):
            return None
        if not any(stops_children(phase_of(job), verdict_at(job)) for job in self.jobs) and self._is_settled():
            return "Succeeded", f"{len(self.jobs)} jobs succeeded"
        if cancelled:
            return "Cancelled", "the DAG was cancelled"
        counts = self.status()["counts"]
        failed, stopped = counts.get("failed", 0), counts.get("cancelled", 0)
        return "Failed", f"{failed} failed and {stopped} cancelled of {len(self.jobs)} jobs"

    def _is_settled(self) -> bool:
        return all(is_settled(phase_of(job), verdict_at(job)) for job in self.jobs)


def judge_parents(job: Json, siblings: Mapping[str, Json], by_uid: Mapping[str, Json]) -> dict[str, Standing]:
    """What the jobs for which a job waits are to it, by their ids."""
    references: Iterable[Json] = job["spec"].get("parents") or ()
    return {
        one["jobID"]: _standing(by_uid.get(one["uid"]) if one.get("uid") else siblings.get(one["jobID"]))
        for one in references
    }


def _standing(job: Json | None) -> Standing:
    if job is None:
        return Standing.ABSENT
    return judge(phase_of(job), verdict_at(job), cancelled=bool(job["spec"].get("cancel")))

"""What the operator and the pods do, imitated: TitanJobs start, end, try again; gates open; DAGs are folded.

``step`` looks at everything and makes each change that is due, until none is. It is called with the lock of the
API server held; jobs themselves run in threads of their own, without it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from titan_api import defaults, names
from titan_api.json_types import Json
from titan_api.parents import STOPPING, Standing, say_what_stopped
from titan_api.times import format_time, parse_time
from titan_api.views import FINAL_PHASES
from titan_sdk.testing import gates
from titan_sdk.testing.api_servers import MemoryAPI
from titan_sdk.testing.standings import Family, judge_parents, phase_of, verdict_at

Start = Callable[[Json, int], None]
"""Begins an attempt of a TitanJob; told its number."""


class MemoryOperator:
    """The controller of a fake cluster."""

    def __init__(self, api: MemoryAPI, now: Callable[[], datetime], start: Start, without: frozenset[str]) -> None:
        self._api = api
        self._now = now
        self._start = start
        self._without = without

    def step(self) -> bool:
        """One pass over everything; whether anything changed."""
        before = self._api.version
        for family in list(self._families()):
            self._begin_run(family)
        for job in self._jobs():
            gates.follow(self._api, job, self._now())
            self._advance(job)
        for family in list(self._families()):
            self._fold(family)
        return self._api.version != before

    def finish(self, uid: str, attempt: int, exit_code: int, message: str = "") -> None:
        """An attempt ended. Ignored if it is no longer the one that counts."""
        job = next((job for job in self._jobs() if job["metadata"]["uid"] == uid), None)
        if job is None or phase_of(job) != "Running" or job["status"]["attempt"] != attempt:
            return
        status = job["status"]
        last = {**status["attempts"][-1], "exitCode": exit_code, "endTime": self._time()}
        attempts = [*status["attempts"][:-1], last]
        if exit_code == 0:
            self._end(job, "Succeeded", "", attempts=attempts)
            return
        failures = (status.get("failures") or 0) + 1
        message = message or f"attempt {attempt} ended with exit code {exit_code} (Error)"
        if failures > (job["spec"].get("retry") or {}).get("limit", defaults.RETRY_LIMIT):
            self._end(job, "Failed", f"{message}; no attempts are left", attempts=attempts, failures=failures)
            return
        attempts[-1]["message"] = message
        self._set(job, phase="Pending", attempts=attempts, failures=failures)

    # ---------------------------------------------------------------- jobs

    def _advance(self, job: Json) -> None:
        dag = self._dag_of(job)
        phase = phase_of(job)
        if phase in FINAL_PHASES:
            return
        if job["spec"].get("cancel") or (dag is not None and dag["spec"].get("cancel")):
            self._end(job, "Cancelled", "it was cancelled" if job["spec"].get("cancel") else "the DAG was cancelled")
        elif phase == "Running":
            self._check_timeout(job)
        elif phase == "Pending":
            self._consider(job, dag)

    def _consider(self, job: Json, dag: Json | None) -> None:
        siblings = {one["spec"]["jobID"]: one for one in self._siblings(job)}
        parents = judge_parents(job, siblings, {one["metadata"]["uid"]: one for one in self._jobs()})
        for job_id, standing in parents.items():
            if standing in STOPPING:
                self._end(job, "Cancelled", say_what_stopped(job_id, STOPPING[standing]))
                return
        if any(standing is not Standing.DONE for standing in parents.values()):
            return
        if dag is not None and not Family(dag, tuple(siblings.values())).is_complete:
            return
        if job["spec"].get("suspend") or (dag is not None and dag["spec"].get("suspend")):
            return
        if job["spec"].get("requirement") in self._without:
            words = f"0/1 nodes are available: 1 node has no {job['spec']['requirement']}"
            self._set(job, conditions=[_condition(names.CONDITION_SCHEDULED, "False", "Unschedulable", words)])
            return
        limit = dag["spec"].get("maxParallel") if dag is not None else None
        if limit is None or sum(phase_of(one) in ("Running", "Serving") for one in siblings.values()) < limit:
            self._launch(job)

    def _launch(self, job: Json) -> None:
        status = job.get("status") or {}
        attempt = (status.get("attempt") or 0) + 1
        record = {"number": attempt, "pod": names.pod_name(job["metadata"]["name"], attempt), "startTime": self._time()}
        is_service = job["spec"].get("type") == "Service"
        self._set(
            job,
            phase="Serving" if is_service else "Running",
            attempt=attempt,
            nodeName="titan-fake",
            address=f"127.0.0.1:{job['spec'].get('port')}" if is_service else None,
            attempts=[*(status.get("attempts") or []), record][-10:],
            startTime=status.get("startTime") or self._time(),
            readyTime=status.get("readyTime") or self._time(),
            conditions=[],
        )
        self._start(job, attempt)

    def _check_timeout(self, job: Json) -> None:
        seconds = job["spec"].get("activeDeadlineSeconds")
        started = parse_time(job["status"]["attempts"][-1]["startTime"])
        if seconds and started is not None and self._now() >= started + timedelta(seconds=seconds):
            attempt = job["status"]["attempt"]
            self.finish(job["metadata"]["uid"], attempt, 143, f"attempt {attempt} took longer than {seconds} seconds")

    def _end(self, job: Json, phase: str, message: str, **more: object) -> None:
        self._set(job, **self._ending(phase, message), **more)

    def _ending(self, phase: str, message: str) -> Json:
        """The fields of a status that say how a job or a DAG ended."""
        kind = names.CONDITION_COMPLETE if phase == "Succeeded" else names.CONDITION_FAILED
        conditions = [_condition(kind, "True", phase, message)]
        return {"phase": phase, "completionTime": self._time(), "conditions": conditions}

    # ---------------------------------------------------------------- DAGs

    def _begin_run(self, family: Family) -> None:
        """Put back what failed or was cancelled, if the DAG was asked to run again."""
        run = family.dag["spec"].get("run") or 1
        if run <= ((family.dag.get("status") or {}).get("run") or 1):
            return
        for job in family.jobs:
            if phase_of(job) in ("Failed", "Cancelled"):
                self._set(job, phase="Pending", run=run, failures=0, completionTime=None, conditions=[])
            elif verdict_at(job) in ("Rejected", "TimedOut"):
                self._set(job, run=run, approval="Scheduled")
        name = family.dag["metadata"]["name"]
        status: Json = {"phase": "Running", "completionTime": None, "conditions": [], "run": run}
        self._api.set_status(names.PLURAL_DAGS, name, **status)

    def _fold(self, family: Family) -> None:
        status = family.dag.get("status") or {}
        if status.get("phase") in FINAL_PHASES or not (family.is_complete or family.dag["spec"].get("cancel")):
            return
        changes = family.status() | {"phase": "Running", "startTime": status.get("startTime") or self._time()}
        end = family.end()
        if end is not None:
            changes |= self._ending(*end)
        self._api.set_status(names.PLURAL_DAGS, family.dag["metadata"]["name"], **changes)

    # ---------------------------------------------------------------- what is there

    def _families(self) -> Iterator[Family]:
        for name, dag in list(self._api.objects[names.PLURAL_DAGS].items()):
            jobs = tuple(job for job in self._jobs() if job["spec"].get("dag") == name)
            yield Family(dag, jobs)

    def _jobs(self) -> list[Json]:
        """Those of higher priority first, then the older ones."""
        jobs = list(self._api.objects[names.PLURAL_JOBS].values())
        return sorted(jobs, key=lambda job: -(job["spec"].get("priority") or defaults.PRIORITY))

    def _siblings(self, job: Json) -> list[Json]:
        dag = job["spec"].get("dag")
        return [one for one in self._jobs() if dag is not None and one["spec"].get("dag") == dag]

    def _dag_of(self, job: Json) -> Json | None:
        return self._api.objects[names.PLURAL_DAGS].get(job["spec"].get("dag") or "")

    def _set(self, job: Json, **status: object) -> None:
        self._api.set_status(names.PLURAL_JOBS, job["metadata"]["name"], **status)

    def _time(self) -> str:
        return format_time(self._now())


def _condition(kind: str, status: str, reason: str, message: str) -> Json:
    return {"type": kind, "status": status, "reason": reason, "message": message}

"""A whole operator, the real one, in a world in memory: API server, store, kubelet, people, and a clock that jumps."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builders.operators.clocks import VirtualClock
from builders.operators.fake_api import FakeAPI, Feed
from builders.operators.fake_store import FakeStore
from builders.operators.faults import FaultyGateway, OperatorKilled
from builders.operators.raw import raw_dag, raw_job
from builders.operators.records import a_failure, a_success
from titan_operator.application import Operator, build_operator
from titan_operator.metrics import Metrics
from titan_operator.settings import Settings
from titan_operator.state.cache import WATCHED_KINDS

from titan_api import names
from titan_api.json_types import Json
from titan_kube.errors import APIError

NAMESPACE = "default"


@dataclass
class Process:
    """What the kubelet started for a pod."""

    pod: Json
    has_ended: bool = False


@dataclass
class Rig:
    """``kill`` the operator whenever you like; ``run`` goes on until nothing moves any more."""

    failures: Mapping[str, int] = field(default_factory=dict)
    """How many attempts of a job fail, by jobID."""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    """What people say at the gate behind a job."""
    streams_outcomes: bool = True
    """Whether the store's stream reaches the operator; pod statuses always do."""
    pods_vanish: bool = False
    """Whether each pod is deleted by somebody right after its runner's record."""
    settings: Settings = field(default_factory=Settings)
    clock: VirtualClock = field(default_factory=VirtualClock)
    store: FakeStore = field(default_factory=FakeStore)
    starts: list[tuple[str, int]] = field(default_factory=list)
    """The side file: one line a started process, (jobID, attempt)."""
    processes: list[Process] = field(default_factory=list)
    most_at_once: int = 0
    """So many processes were alive at one moment."""

    def __post_init__(self) -> None:
        self.api = FakeAPI(self.clock.now)
        self.api.on_pod = self._start_process
        self.gateway = FaultyGateway(self.api)
        self.start_operator()

    # ------------------------------------------------------------ the operator
    def start_operator(self) -> None:
        self.operator: Operator = build_operator(self.settings, self.gateway, self.store, self.clock, Metrics())
        self.feed: Feed = self.api.feed()

    def kill(self) -> None:
        """Another process takes over, which remembers nothing."""
        self.api.feeds.remove(self.feed)
        self.gateway = FaultyGateway(self.api)
        self.start_operator()

    async def synchronise(self) -> None:
        await self.operator.resync.first_round()
        self.operator.informer.finish_sync()

    def deliver(self, *kinds: str) -> bool:
        """Let the watches speak."""
        events = self.feed.take(*kinds)
        for kind, raw, deleted in events:
            if kind in WATCHED_KINDS:
                self.operator.informer.event(kind, raw, deleted=deleted)
        return bool(events)

    async def run_passes(self) -> bool:
        """Every pass that is due now, including those that these bring about."""
        queue, is_busy = self.operator.queue, False
        while (key := queue.take(self.clock.monotonic())) is not None:
            is_busy = True
            try:
                queue.done(key, self.clock.monotonic(), await self.operator.reconciler.reconcile(key))
            except APIError as error:
                queue.failed(key, self.clock.monotonic(), error.retry_after)
        return is_busy

    # ------------------------------------------------------------ the kubelet and people
    def _start_process(self, pod: Json) -> None:
        labels = pod["metadata"]["labels"]
        self.starts.append((labels[names.LABEL_JOB_ID], int(labels[names.LABEL_ATTEMPT])))
        self.processes.append(Process(pod))
        self.most_at_once = max(self.most_at_once, sum(not process.has_ended for process in self.processes))

    def end_processes(self) -> bool:
        """Each process that runs comes to its end: its record first, its pod's status later."""
        running = [process for process in self.processes if not process.has_ended]
        for process in running:
            self.end(process)
        return bool(running)

    def end(self, process: Process) -> None:
        process.has_ended = True
        meta = process.pod["metadata"]
        job_id, attempt = meta["labels"][names.LABEL_JOB_ID], int(meta["labels"][names.LABEL_ATTEMPT])
        failed = attempt <= self.failures.get(job_id, 0)
        outcome = a_failure(attempt) if failed else a_success(attempt)
        told = self.store.record(meta["labels"][names.LABEL_JOB_UID], outcome)
        if ("Pod", NAMESPACE, meta["name"]) in self.api.objects:
            if self.pods_vanish:
                self.api.remove("Pod", NAMESPACE, meta["name"])
            else:
                self.api.set_status("Pod", NAMESPACE, meta["name"], phase="Failed" if failed else "Succeeded")
        if self.streams_outcomes and not self.store.is_away:
            self.operator.informer.outcome(told.job_uid, told.outcome)

    def people_decide(self) -> bool:
        decided = False
        for gate in self.api.all("TitanApproval"):
            verdict = self.verdicts.get(gate["spec"]["subject"]["jobID"])
            if verdict is not None and not gate["spec"].get("decisions"):
                decision = {"user": "ann", "verdict": verdict}
                self.api.set_spec("TitanApproval", NAMESPACE, gate["metadata"]["name"], decisions=[decision])
                decided = True
        return decided

    # ------------------------------------------------------------ all together
    async def submit(
        self, dag: str, jobs: Mapping[str, tuple[str, ...]], dag_spec: Mapping[str, Any] = {}, **specs: Json
    ) -> None:
        """As the SDK does: the TitanDAG, then its TitanJobs."""
        await self.api.create("TitanDAG", NAMESPACE, raw_dag(dag, len(jobs), **dag_spec))
        await self.add(dag, jobs, **specs)

    async def add(self, dag: str, jobs: Mapping[str, tuple[str, ...]], **specs: Json) -> None:
        """Only the TitanJobs."""
        owner = self.api.objects["TitanDAG", NAMESPACE, dag]
        for job_id, parents in jobs.items():
            body = raw_job(dag, job_id, parents, owner["metadata"]["uid"], **specs.get(job_id, {}))
            await self.api.create("TitanJob", NAMESPACE, body)

    async def run(self, limit: int = 2_000) -> None:
        """Until nothing moves and no timer is set that matters; the operator may be killed on the way."""
        if not self.operator.cache.is_synced:
            await self.synchronise()
        for _ in range(limit):
            try:
                if self.deliver() | await self.run_passes():
                    continue
            except OperatorKilled:
                self.kill()
                await self.synchronise()
                continue
            if self.end_processes() | self.people_decide():
                continue
            due = self.operator.queue.next_due()
            if due is None or due > self.clock.seconds + 1_000:
                return
            self.clock.advance_to(due)
        raise AssertionError("the world does not come to rest")

    def change(self, kind: str, name: str, **spec: Any) -> None:
        """As a person does with kubectl."""
        self.api.set_spec(kind, NAMESPACE, name, **spec)

    # ------------------------------------------------------------ what a user sees
    def dag(self, name: str) -> Json:
        return self.api.objects["TitanDAG", NAMESPACE, name]["status"]

    def job(self, dag: str, job_id: str) -> Json:
        return self.api.objects["TitanJob", NAMESPACE, names.job_name(dag, job_id)].get("status", {})

    def gate(self, dag: str, job_id: str, round_number: int = 1) -> Json:
        name = names.approval_name(names.job_name(dag, job_id), round_number)
        return self.api.objects["TitanApproval", NAMESPACE, name].get("status", {})

    def second_processes(self) -> list[tuple[str, int]]:
        """Attempts for which more than one process was started: never any."""
        return [start for start, number in Counter(self.starts).items() if number > 1]

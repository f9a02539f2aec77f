"""One worker per pod: starts its containers, reports, ends them, cleans up. No run gets a second process."""

import asyncio
import logging
import shutil
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from titan_api.json_types import Json
from titan_kube.client import Client
from titan_kube.errors import APIError, Conflict, NotFound
from titan_local.kubelet.launches import LaunchError, plan_launch
from titan_local.kubelet.listeners import is_listening
from titan_local.kubelet.probes import follow_probe
from titan_local.kubelet.processes import Run
from titan_local.kubelet.statuses import ContainerState, pod_status, read_termination_message
from titan_local.kubelet.volumes import TOKEN_SECONDS, MountError, Volumes

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
FIRST_RESTART_PAUSE, LONGEST_RESTART_PAUSE = 1.0, 300.0
STABLE_SECONDS = 600.0
"""A container that ran so long is started again after the first pause."""
TERMINATION_LOG = "TITAN_TERMINATION_LOG"


class Worker:
    """Follows one pod from its binding to its removal."""

    def __init__(self, kube: Client, pod: Json, root: Path, starts: asyncio.Semaphore) -> None:
        self._kube = kube
        self._pod = pod
        self._starts = starts
        metadata = pod["metadata"]
        self._path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        self._directory: Path = root / metadata["uid"]
        self._volumes = Volumes(kube, pod, self._directory)
        self._containers = [ContainerState(c["name"], c.get("image", "")) for c in pod["spec"]["containers"]]
        self._runs: dict[str, Run] = {}
        self._begun = datetime.now(UTC)
        self._ending = asyncio.Event()
        """The containers are to end, for whatever reason."""
        self._deleted = asyncio.Event()
        """Somebody deleted the pod: its object and directory are to go too."""
        self._grace: float | None = None
        self._failure = ("", "")
        """Reason and message of a failure that is the pod's and not a container's."""
        self._is_gone = False
        self._reports = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.observe("ADDED", pod)

    def start(self, when_done: Callable[[], None]) -> None:
        """Begin in the background."""

        def end(task: asyncio.Task[None]) -> None:
            when_done()
            if not task.cancelled() and task.exception() is not None:
                log.error("%s is given up until its next event", self._path, exc_info=task.exception())

        self._task = asyncio.create_task(self._live())
        self._task.add_done_callback(end)

    def observe(self, kind: str, pod: Json) -> None:
        """What the watch says of the pod."""
        self._pod = pod
        if kind == "DELETED":
            self._is_gone = True
            self._deleted.set()
            self.end(0)
        elif pod["metadata"].get("deletionTimestamp"):
            self._deleted.set()
            self.end(float(pod["metadata"].get("deletionGracePeriodSeconds") or 0))

    def end(self, grace: float) -> None:
        """Terminate the containers; a shorter grace overrides a longer one."""
        if self._grace is None or grace < self._grace:
            self._grace = grace
            self._ending.set()

    def log_of(self, container: str, *, previous: bool) -> Path | None:
        """The log file of a container's newest run, or of the one before."""
        folder = self._directory / "runs" / container
        runs = sorted((int(path.name) for path in folder.iterdir()), reverse=True) if folder.exists() else []
        index = 1 if previous else 0
        return folder / str(runs[index]) / "log" if len(runs) > index else None

    async def stop_following(self) -> None:
        """Leave the processes alone and end: the kubelet goes, the pod stays."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    # ------------------------------------------------------------ the life of a pod
    async def _live(self) -> None:
        if self._pod["status"].get("phase") not in ("Succeeded", "Failed"):
            await self._run_containers()
        await self._deleted.wait()
        await self._remove()

    async def _run_containers(self) -> None:
        if self._pod["status"].get("startTime"):
            self._begun = datetime.fromisoformat(self._pod["status"]["startTime"])
        guards = [asyncio.create_task(self._terminate_when_told()), asyncio.create_task(self._keep_tokens_fresh())]
        deadline = self._pod["spec"].get("activeDeadlineSeconds")
        if deadline:
            guards.append(asyncio.create_task(self._enforce_deadline(float(deadline))))
        try:
            if await self._prepare():
                specs = self._pod["spec"]["containers"]
                pairs = zip(specs, self._containers, strict=True)
                await asyncio.gather(*(self._run_container(spec, state) for spec, state in pairs))
        finally:
            for guard in guards:
                guard.cancel()
        await self._report()

    async def _prepare(self) -> bool:
        """Volumes and tokens; what is missing may still come, so this is tried until the pod is told to end."""
        if self._ending.is_set() and any(self._directory.glob("runs/*/*")):
            return True  # It was deleted while no kubelet ran: its processes are there, and have to be ended.
        while not self._ending.is_set():
            try:
                await self._volumes.prepare()
                return True
            except (MountError, OSError) as error:
                for state in self._containers:
                    state.waiting = ("CreateContainerConfigError", str(error))
                await self._report()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ending.wait(), RETRY_SECONDS)
        self._failure = ("Terminated", "the pod was deleted before it started")
        return False

    async def _run_container(self, spec: Json, state: ContainerState) -> None:
        policy = self._pod["spec"]["restartPolicy"]
        state.restarts = self._newest_run(spec["name"])
        pause = FIRST_RESTART_PAUSE
        while True:
            run = Run(self._directory / "runs" / spec["name"] / str(state.restarts))
            self._runs[spec["name"]] = run
            state.answers = "readinessProbe" not in spec
            if not await self._ensure_started(run, spec, state):
                return
            if self._ending.is_set():
                run.terminate(signal.SIGTERM)  # Told while it was being started, or before this kubelet was.
            watching = [asyncio.create_task(self._report()), asyncio.create_task(self._probe(run, spec, state))]
            end = await run.wait()
            watching.pop().cancel()
            await watching.pop()
            state.exit = end
            state.message = read_termination_message(run.directory / "termination-log")
            again = policy == "Always" or (policy == "OnFailure" and end.code != 0)
            if not again and not end.is_known:
                self._failure = ("Terminated", "the container's process was lost when the embedded cluster was stopped")
            if not again or self._ending.is_set():
                return
            pause = pause if (end.finished - run.started_at).total_seconds() < STABLE_SECONDS else FIRST_RESTART_PAUSE
            await self._report()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            if self._ending.is_set():
                return
            pause = min(pause * 2, LONGEST_RESTART_PAUSE)
            state.begin_anew()

    async def _ensure_started(self, run: Run, spec: Json, state: ContainerState) -> bool:
        """Start a run, or find it running since a former kubelet."""
        if not run.was_started:
            try:
                plan = plan_launch(spec, self._pod, self._volumes, self._directory)
                plan.environment[TERMINATION_LOG] = str(run.directory / "termination-log")
                plan.working_dir.mkdir(parents=True, exist_ok=True)
                async with self._starts:
                    await run.start(plan.command, plan.environment, plan.working_dir)
            except LaunchError as error:
                self._failure = (error.reason, str(error))
                return False
            except OSError as error:
                self._failure = ("CreateContainerError", f"{spec['name']}: {error.strerror or error}")
                return False
        state.started = run.started_at
        return True

    async def _probe(self, run: Run, spec: Json, state: ContainerState) -> None:
        """Tell when the container begins and ceases to answer."""
        if "readinessProbe" in spec:
            async for answers in follow_probe(spec, lambda port: is_listening(run.directory, port)):
                state.answers = answers
                await self._report()

    def _newest_run(self, container: str) -> int:
        folder = self._directory / "runs" / container
        return max((int(path.name) for path in folder.iterdir()), default=0) if folder.exists() else 0

    # ------------------------------------------------------------ guards
    async def _terminate_when_told(self) -> None:
        """SIGTERM, the grace, SIGKILL; a later order with a shorter grace cuts the wait."""
        await self._ending.wait()
        self._signal(signal.SIGTERM)
        told = asyncio.get_running_loop().time()
        while (self._grace or 0.0) > asyncio.get_running_loop().time() - told:
            await asyncio.sleep(min(0.05, self._grace or 0.0))
        while True:
            self._signal(signal.SIGKILL)
            await asyncio.sleep(0.2)

    async def _enforce_deadline(self, seconds: float) -> None:
        remaining = (self._begun + timedelta(seconds=seconds) - datetime.now(UTC)).total_seconds()
        await asyncio.sleep(max(remaining, 0))
        text = "Pod was active on the node longer than the specified deadline"
        self._failure = ("DeadlineExceeded", text)
        self.end(float(self._pod["spec"].get("terminationGracePeriodSeconds", 30)))

    async def _keep_tokens_fresh(self) -> None:
        while True:
            await asyncio.sleep(TOKEN_SECONDS * 0.7)
            try:
                await self._volumes.renew_tokens()
            except (MountError, OSError) as error:
                log.warning("cannot renew the tokens of %s: %s", self._path, error)

    def _signal(self, number: signal.Signals) -> None:
        for run in self._runs.values():
            run.terminate(number)

    # ------------------------------------------------------------ towards the API server
    async def _report(self) -> None:
        reason, message = self._failure
        async with self._reports:
            status = pod_status(self._pod, self._containers, self._begun, reason=reason, message=message)
            body = {"metadata": {"uid": self._pod["metadata"]["uid"]}, "status": status}
            await self._persistently(lambda: self._kube.patch(f"{self._path}/status", body))

    async def _remove(self) -> None:
        """The pod's object, if it still exists, and its directory."""
        if not self._is_gone:
            own = {"uid": self._pod["metadata"]["uid"]}
            await self._persistently(lambda: self._kube.delete(self._path, preconditions=own, grace_seconds=0))
        await asyncio.to_thread(shutil.rmtree, self._directory, ignore_errors=True)

    async def _persistently(self, request: Callable[[], Awaitable[Json]]) -> None:
        """Until the server has answered; a pod that is gone needs no report."""
        while not self._is_gone:
            try:
                await request()
                return
            except (NotFound, Conflict):
                return
            except APIError as error:
                log.log(logging.WARNING if error.code else logging.INFO, "%s: %s", self._path, error)
            await asyncio.sleep(RETRY_SECONDS)

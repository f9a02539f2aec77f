"""FakeCluster: the servers in memory, the threads that play operator and pods, and clients of it all."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from titan_api import names
from titan_api.json_types import Json
from titan_api.views import FINAL_PHASES
from titan_sdk.client import TitanClient
from titan_sdk.cluster.access import Access
from titan_sdk.cluster.environment import resolve
from titan_sdk.connections import Connections
from titan_sdk.testing.answers import Asked, parse, refuse_as_api
from titan_sdk.testing.api_servers import MemoryAPI
from titan_sdk.testing.behaviours import Behaviour, FakeJob, Outcome, perform
from titan_sdk.testing.operators import MemoryOperator
from titan_sdk.testing.standings import phase_of
from titan_sdk.testing.stores import MemoryLog, MemoryStore
from titan_sdk.transport.http import Request, Stream

NAMESPACE = "default"
SERVER, STORE = "https://cluster.fake", "http://store.fake"
PASSES = 10_000
"""More steps in a row than this mean that two rules of the fake contradict each other."""


class FakeCluster:
    """Titan in memory. ``without``: requirements (GPU, ...) for which it has no node; such jobs wait.

    Use it as a context manager, or call ``close``, so that no thread outlives the test.
    """

    def __init__(self, *, without: tuple[str, ...] = ()) -> None:
        self.api = _Server()
        self.store = MemoryStore(NAMESPACE)
        self._behaviours: dict[str, tuple[Behaviour, ...]] = {}
        self._passed = timedelta()
        self._woken = threading.Event()
        self._closed = False
        self._operator = MemoryOperator(self.api, self.now, self._start, frozenset(without))
        self.api.on_change = lambda plural, obj: self._woken.set()
        self._thread = threading.Thread(target=self._operate, name="titan-fake-operator", daemon=True)
        self._thread.start()

    # ---------------------------------------------------------------- for tests

    def client(self, user: str = "tester", groups: tuple[str, ...] = ()) -> TitanClient:
        """A client of that user."""
        return self._client(user, groups, {})

    def on(self, job_id: str, *behaviours: Behaviour) -> None:
        """What a job does, by attempt; further attempts do as the last one."""
        if not behaviours:
            raise ValueError(f"say what the job {job_id!r} does")
        self._behaviours[job_id] = behaviours

    def advance(self, seconds: float) -> None:
        """Let time pass: gates time out, and jobs exceed their timeouts."""
        with self.api.lock:
            self._passed += timedelta(seconds=seconds)
            self._settle()

    def now(self) -> datetime:
        """The cluster's time."""
        return datetime.now(UTC) + self._passed

    def close(self) -> None:
        """End everything."""
        self._closed = True
        self._woken.set()
        self._thread.join(timeout=5)
        with self.api.lock:
            self.api.lose_watches()

    def __enter__(self) -> "FakeCluster":
        return self

    def __exit__(self, *ending: object) -> None:
        self.close()

    # ---------------------------------------------------------------- the operator's part

    def _operate(self) -> None:
        while not self._closed:
            self._woken.wait()
            self._woken.clear()
            with self.api.lock:
                self._settle()

    def _settle(self) -> None:
        for _ in range(PASSES):
            if not self._operator.step():
                self._close_logs()
                return
        raise AssertionError("the fake cluster does not come to rest")

    def _close_logs(self) -> None:
        """Nothing is printed any more by a job that was ended from outside."""
        for job in self.api.objects[names.PLURAL_JOBS].values():
            if phase_of(job) in FINAL_PHASES:
                for log in self.store.logs.get(job["metadata"]["uid"], {}).values():
                    log.finish()

    def _start(self, job: Json, attempt: int) -> None:
        """Begin an attempt; its thread waits for the lock until the pass is over."""
        behaviours = self._behaviours.get(job["spec"]["jobID"], (Outcome(),))
        behaviour = behaviours[min(attempt, len(behaviours)) - 1]
        log = MemoryLog(complete=False)
        self.store.logs.setdefault(job["metadata"]["uid"], {})[attempt] = log
        arguments = (job, attempt, behaviour, log)
        threading.Thread(target=self._run, args=arguments, name=f"titan-fake-{attempt}", daemon=True).start()

    def _run(self, job: Json, attempt: int, behaviour: Behaviour, log: MemoryLog) -> None:
        def write(line: str) -> None:
            with self.api.lock:
                log.append(f"{line}\n".encode())

        spec = job["spec"]
        dag = self.api.objects[names.PLURAL_DAGS].get(spec.get("dag") or "", {"spec": {}})
        run = dag["spec"].get("agentRunID")
        account = f"system:serviceaccount:{NAMESPACE}:{names.SERVICE_ACCOUNT_JOB}"
        outcome = perform(
            behaviour,
            FakeJob(
                client=self._client(account, (), {names.ENV_AGENT_RUN: run or ""}),
                job_id=spec["jobID"],
                dag=spec.get("dag"),
                attempt=attempt,
                args=tuple(spec.get("args") or ()),
                env={one["name"]: one["value"] for one in spec.get("env") or ()},
                agent_run_id=run,
                print=write,
            ),
        )
        if outcome.hangs or spec.get("type") == "Service":
            return
        with self.api.lock:
            log.finish()
            self._operator.finish(job["metadata"]["uid"], attempt, outcome.exit_code)
            self._settle()

    def _client(self, user: str, groups: tuple[str, ...], variables: dict[str, str]) -> TitanClient:
        named = {names.ENV_STORE_URL: STORE, names.ENV_NAMESPACE: NAMESPACE, **variables}
        surroundings = resolve(named, (None, None), Path("/"))
        token = self.api.introduce(user, groups)
        access = Access(SERVER, _Wire(self.api.lock, self.api.serve), lambda: f"Bearer {token}", NAMESPACE)
        return TitanClient(
            connections=Connections(
                surroundings=lambda: surroundings,
                access=lambda *_: access,
                store_transport=_Wire(self.api.lock, self.store.serve),
            )
        )


class _Server(MemoryAPI):
    """Knows its callers by their tokens."""

    def __init__(self) -> None:
        super().__init__(namespace=NAMESPACE)
        self._people: dict[str, tuple[str, tuple[str, ...]]] = {}

    def introduce(self, user: str, groups: tuple[str, ...]) -> str:
        """A token for a user."""
        with self.lock:
            token = f"token-of-person-{len(self._people)}"
            self._people[token] = (user, groups)
            return token

    def identify(self, asked: Asked) -> tuple[str, tuple[str, ...]]:
        return self._people[asked.headers["Authorization"].removeprefix("Bearer ")]

    def serve(self, asked: Asked) -> Stream:
        """See ``MemoryAPI``; the identity of jobs has the rights that it has in a cluster."""
        user, _ = self.identify(asked)
        is_job = user.endswith(f":{names.SERVICE_ACCOUNT_JOB}")
        if is_job and asked.method != "GET" and (names.PLURAL_APPROVALS in asked.path or "/secrets" in asked.path):
            return refuse_as_api(403, f'User "{user}" cannot {asked.method.lower()} {asked.path}')
        return super().serve(asked)


class _Wire:
    """A transport that ends in this process."""

    def __init__(self, lock: AbstractContextManager[object], serve: Callable[[Asked], Stream]) -> None:
        self._lock = lock
        self._serve = serve

    def open(self, request: Request) -> Stream:
        asked = parse(request)
        with self._lock:
            return self._serve(asked)

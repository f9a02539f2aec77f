"""A client of no cluster at all: it answers from what a test put into it and writes down what it was asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builders.sdk.views import decided

from titan_api.views import AgentRunView, DagView, GateView, JobView
from titan_sdk.accepted import Accepted
from titan_sdk.data.files import FileView
from titan_sdk.errors import TitanNotFound


class FakeValues:
    """The store's values."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def get(self, key: str) -> str:
        if key not in self.values:
            raise TitanNotFound(f"there is no key {key!r}")
        return self.values[key]

    def put(self, key: str, value: str) -> None:
        self.values[key] = value

    def list(self, prefix: str = "") -> list[str]:
        return sorted(key for key in self.values if key.startswith(prefix))


class FakeFiles:
    """The store's files."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def upload(self, path: Path, name: str, progress: Callable[[int, int | None], None] | None) -> FileView:
        self.files[name] = path.read_bytes()
        return FileView(name, len(self.files[name]), "sha256:")

    def download(self, name: str, path: Path, progress: Callable[[int, int | None], None] | None) -> FileView:
        if name not in self.files:
            raise TitanNotFound(f"there is no file {name!r}")
        path.write_bytes(self.files[name])
        return FileView(name, len(self.files[name]), "sha256:")

    def list(self, prefix: str = "") -> list[FileView]:
        return [
            FileView(name, len(body), "sha256:") for name, body in sorted(self.files.items()) if name.startswith(prefix)
        ]


@dataclass
class FakeClient:
    """What commands need of a TitanClient."""

    known_dags: list[DagView] = field(default_factory=list)
    jobs: list[JobView] = field(default_factory=list)
    gates: list[GateView] = field(default_factory=list)
    changes: list[DagView | JobView] = field(default_factory=list)
    """What a wait sees, the end last."""
    log: list[str] = field(default_factory=list)
    failure: BaseException | None = None
    """Raised by whatever is asked."""
    namespace: str = "default"
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    store: FakeValues = field(default_factory=lambda: FakeValues({}))
    files: FakeFiles = field(default_factory=lambda: FakeFiles({}))
    secrets: set[str] = field(default_factory=set)
    agent_runs: list[AgentRunView] = field(default_factory=list)
    stopping: str = "STOPPED: DAG-api"

    def list_dags(self, agent_run_id: str | None = None, limit: int | None = None) -> list[DagView]:
        self._note("list_dags", agent_run_id)
        return self.known_dags[:limit]

    def list_standalone_jobs(self) -> list[JobView]:
        return [job for job in self.jobs if job.dag is None]

    def get_dag(self, name: str) -> DagView:
        self._note("get_dag", name)
        return self._find(self.known_dags, name)

    def get_job(self, name: str) -> JobView:
        self._note("get_job", name)
        return self._find(self.jobs, name)

    def wait(self, name: str, timeout: float | None = None, on_change: Callable[[Any], None] | None = None) -> Any:
        self._note("wait", name, timeout)
        for view in self.changes:
            if on_change:
                on_change(view)
        return self.changes[-1]

    def stream_logs(self, job: str, dag: str | None = None, follow: bool = True) -> Iterator[str]:
        self._note("stream_logs", job, dag, follow)
        yield from self.log

    @property
    def dags(self) -> "FakeClient":
        return self

    def submit_job(self, job: Any) -> Any:
        self._note("submit_job", job)
        return Accepted(f"{job.job_id}-x7k2p", [job.job_id], self.namespace, is_dag=False)

    def pending_approvals(self) -> list[GateView]:
        self._note("pending_approvals")
        return self.gates

    def approve(self, gate: str, comment: str = "") -> GateView:
        self._note("approve", gate, comment)
        return decided("Approve", comment)

    def reject(self, gate: str, comment: str = "") -> GateView:
        self._note("reject", gate, comment)
        return decided("Reject", comment)

    def cancel(self, name: str) -> None:
        self._note("cancel", name)

    def suspend(self, name: str) -> DagView | JobView:
        self._note("suspend", name)
        return self._find(self.known_dags, name)

    def resume(self, name: str) -> DagView | JobView:
        self._note("resume", name)
        return self._find(self.known_dags, name)

    def retry(self, name: str) -> DagView:
        self._note("retry", name)
        return replace(self._find(self.known_dags, name), run=2)

    def stop_service(self, name: str) -> str:
        self._note("stop_service", name)
        return self.stopping

    def why(self, job: str, dag: str | None = None) -> str:
        self._note("why", job, dag)
        return f"job {job!r} waits: it is about to start"

    def agent_run(self, run_id: str) -> AgentRunView:
        self._note("agent_run", run_id)
        return next(run for run in self.agent_runs if run.run_id == run_id)

    def list_agent_runs(self) -> list[AgentRunView]:
        self._note("list_agent_runs")
        return self.agent_runs

    def set_secret(self, name: str, values: dict[str, str]) -> None:
        self._note("set_secret", name, values)
        self.secrets.add(name)

    def delete_secret(self, name: str) -> bool:
        was_there = name in self.secrets
        self.secrets.discard(name)
        return was_there

    def list_secrets(self) -> list[str]:
        return sorted(self.secrets)

    def _note(self, *call: Any) -> None:
        self.asked.append(call)
        if self.failure:
            raise self.failure

    def _find(self, views: Any, name: str) -> Any:
        for view in views:
            if name in (view.name, getattr(view, "job_id", None)):
                return view
        raise TitanNotFound(f"there is no {name!r}")

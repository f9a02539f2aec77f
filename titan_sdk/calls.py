"""The calls that raise, of which ``client.dags`` and ``TitanClient`` have the same: each is written once, here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Union

from titan_api import names, reasons
from titan_api.json_types import Json
from titan_api.verdicts import APPROVE, REJECT
from titan_api.views import AgentRunView, DagView, GateView, JobView, view_dag, view_job
from titan_sdk.accepted import Accepted
from titan_sdk.cluster import secret_values
from titan_sdk.cluster.kube import Kube
from titan_sdk.connections import Connections
from titan_sdk.dashboards import Way
from titan_sdk.data.files import Files
from titan_sdk.data.logs import Follower, stream_lines
from titan_sdk.data.values import Values
from titan_sdk.runs import agent_runs, gates, inquiries, lookups, steering, waiting
from titan_sdk.runs.targets import find_target
from titan_sdk.runs.workspaces import Workspace, open_workspace
from titan_sdk.submit import additions, rendering, resubmissions
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.settings import DagSettings

View = Union[DagView, JobView]


class Calls:
    """What can be done in one namespace. All calls raise the errors of ``titan_sdk.errors``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @property
    def namespace(self) -> str:
        """The namespace of every call."""
        return self._connections.namespace

    @property
    def store(self) -> Values:
        """Values and sets."""
        return Values(self._connections.store())

    @property
    def files(self) -> Files:
        """Files."""
        return Files(self._connections.store())

    def workspace(self, target: str) -> Workspace:
        """The files that a job left, or all jobs of a DAG that have succeeded so far. Raises TitanNotFound,
        and TitanConflict for a job that has not succeeded."""
        return open_workspace(self._kube, self._connections.store(), target)

    def whoami(self) -> str:
        """The name by which the cluster knows the caller."""
        return self._connections.identity().name

    def dashboard(self) -> Way:
        """The way to the store's page, and codes with which a browser signs in there as the caller.

        Raises TitanNotConfigured, and TitanForbidden for callers without access to the store.
        """
        return self._connections.dashboard()

    # ---------------------------------------------------------------- submitting

    def render(
        self,
        name: str,
        jobs: Sequence[TitanJob],
        agent_run_id: str | None = None,
        *,
        max_parallel: int | None = None,
        workspace: str | None = None,
        ttl: int | None = None,
        uploaded: Mapping[str, str] | None = None,
    ) -> str:
        """The DAG as one multi-document manifest for ``kubectl apply -f``; scripts beyond 4 KiB are uploaded.

        Needs no cluster, unless a job has a gate, a script that is not here or too big, an archive, or a parent
        elsewhere. ``uploaded``: digests of archives by name, where they are known.
        """
        settings = DagSettings(agent_run_id, max_parallel, workspace, ttl)
        return rendering.render_dag(self._connections, name, jobs, settings, uploaded)

    def add_jobs(self, dag: str, jobs: Sequence[TitanJob]) -> DagView:
        """Add jobs to a DAG that has not ended, also from inside one of its jobs (whose TITAN_DAG names it).

        Their parents may be any jobs of the DAG. Jobs that it has already, just as they are given, are left alone:
        adding twice is harmless. Raises ValueError before anything is changed, TitanNotFound, and TitanConflict if
        the DAG has ended.
        """
        return view_dag(additions.add_jobs(self._connections, self._find_dag(dag), list(jobs)))

    def resubmit(self, dag: str) -> Accepted:
        """Submit a DAG once more, as a new one that starts from the beginning; its jobs are asked for as they were.

        Raises TitanConflict if some of them are not there any more.
        """
        return resubmissions.resubmit(self._connections, self._find_dag(dag))

    # ---------------------------------------------------------------- looking and waiting

    def get_dag(self, name: str) -> DagView:
        """A DAG with its jobs, by the name of its TitanDAG or the newest of the name that a user gave.

        Raises TitanNotFound.
        """
        raw = self._find_dag(name)
        return view_dag(raw, tuple(map(view_job, lookups.list_jobs(self._kube, raw["metadata"]["name"]))))

    def list_dags(self, agent_run_id: str | None = None, limit: int | None = None) -> list[DagView]:
        """DAGs without their jobs, newest first."""
        labels = f"{names.LABEL_AGENT_RUN}={names.label_value(agent_run_id)}" if agent_run_id is not None else ""
        dags = self._kube.list(names.PLURAL_DAGS, labels=labels).items
        chosen = [raw for raw in dags if agent_run_id is None or raw["spec"].get("agentRunID") == agent_run_id]
        return [view_dag(raw) for raw in sorted(chosen, key=lookups.age_key, reverse=True)[:limit]]

    def get_job(self, job_id: str, dag: str | None = None) -> JobView:
        """The newest job of that id, or the TitanJob of that name; ``dag`` (any of its names) narrows the search.

        Raises TitanNotFound.
        """
        return view_job(lookups.get_job(self._kube, job_id, self._resolve(dag)))

    def list_jobs(self, dag: str | None = None) -> list[JobView]:
        """The jobs of a DAG, or of the namespace; oldest first."""
        return [view_job(raw) for raw in lookups.list_jobs(self._kube, self._resolve(dag))]

    def list_standalone_jobs(self) -> list[JobView]:
        """The jobs that belong to no DAG, newest first; asks for these alone."""
        return [view_job(raw) for raw in lookups.list_standalone_jobs(self._kube)]

    def agent_run(self, run_id: str) -> AgentRunView:
        """An agent run: its DAGs in the order of their submission, with jobs and files. Raises TitanNotFound."""
        return agent_runs.get(self._kube, self._connections.store(), run_id)

    def list_agent_runs(self) -> list[AgentRunView]:
        """Agent runs without their jobs and files, the one that did something last at the front."""
        return agent_runs.list_runs(self._kube)

    def why(self, job_id: str, dag: str | None = None) -> str:
        """Why a job is in the phase in which it is, in one sentence: what it waits for, or how it ended.

        Raises TitanNotFound.
        """
        return reasons.explain(inquiries.inquire(self._kube, lookups.get_job(self._kube, job_id, self._resolve(dag))))

    def wait(
        self,
        target: str,
        timeout: float | None = None,
        poll: float | None = None,
        on_change: Callable[[DagView], None] | Callable[[JobView], None] | Callable[[View], None] | None = None,
    ) -> View:
        """Wait until what was submitted has ended, or until all that is left of it are services that serve.

        ``target``: what a submission returned, a DAG's name, or a job's id. ``poll``: look every so many seconds
        instead of watching. ``on_change`` is called in this thread with each new view. Raises TitanTimeout.
        """
        found = find_target(self._kube, target)
        waits: Callable[..., View] = waiting.wait_for_dag if found.is_dag else waiting.wait_for_job
        return waits(self._kube, found.name, timeout, poll, on_change)

    def stream_logs(
        self, job_id: str, dag: str | None = None, follow: bool = True, timeout: float | None = None
    ) -> Iterator[str]:
        """The log line by line, without line ends; with ``follow`` until the job has ended.

        Raises TitanNotFound at once if there is no such job, later TitanTimeout or TitanUnavailable.
        """
        job = self.get_job(job_id, dag)
        return stream_lines(
            Follower(self._kube, self._connections.store(), job, follow=follow, timeout=timeout).chunks()
        )

    # ---------------------------------------------------------------- steering

    def cancel(self, target: str) -> View:
        """Cancel a DAG, or a job and with it its descendants; returns at once with what it was then."""
        return steering.set_field(self._kube, target, "cancel", True)

    def suspend(self, target: str) -> View:
        """Start no new pods of a DAG or a job; what runs goes on."""
        return steering.set_field(self._kube, target, "suspend", True)

    def resume(self, target: str) -> View:
        """Undo ``suspend``."""
        return steering.set_field(self._kube, target, "suspend", False)

    def retry(self, dag: str) -> DagView:
        """Run again what failed or was cancelled; what succeeded stays. Raises TitanConflict if nothing did."""
        return steering.retry(self._kube, dag)

    # ---------------------------------------------------------------- services

    def list_services(self, dag: str | None = None) -> list[JobView]:
        """The services that run in a DAG, or in the namespace; oldest first."""
        return lookups.list_services(self._kube, dag)

    def service_address(self, service_id: str, dag: str | None = None) -> str:
        """``host:port`` at which jobs reach a service.

        Raises TitanNotFound, and TitanConflict for what is no service or does not run (yet).
        """
        return lookups.get_address(self._kube, service_id, dag)

    # ---------------------------------------------------------------- gates and secrets

    def pending_approvals(self) -> list[GateView]:
        """The gates that wait for a person now, the oldest first."""
        return gates.list_pending(self._kube)

    def get_gate(self, gate: str) -> GateView:
        """The newest gate of that id (its own, or its job's), also before it opens. Raises TitanNotFound."""
        return gates.get(self._kube, gate)

    def approve(self, gate: str, comment: str = "") -> GateView:
        """Say yes at a gate (its id, or its job's); returns once that is recorded.

        Raises TitanNotFound, TitanForbidden, and TitanConflict if the gate is already decided otherwise.
        """
        return gates.decide(self._kube, self._connections.identity(), gate, APPROVE, comment)

    def reject(self, gate: str, comment: str = "") -> GateView:
        """Say no at a gate; as ``approve``."""
        return gates.decide(self._kube, self._connections.identity(), gate, REJECT, comment)

    def set_secret(self, name: str, values: Mapping[str, str]) -> None:
        """Keep values that ``TitanJob(secrets=[name])`` gets as environment variables; replaces all older ones.

        Titan never gives them back. Raises TitanConflict for a Secret that Titan did not make.
        """
        secret_values.put(self._kube, name, values)

    def delete_secret(self, name: str) -> bool:
        """Remove a secret; whether it was there. Raises TitanConflict for a Secret that Titan did not make."""
        return secret_values.delete(self._kube, name)

    def list_secrets(self) -> list[str]:
        """The names of the secrets that ``set_secret`` made, sorted."""
        return secret_values.list_names(self._kube)

    @property
    def _kube(self) -> Kube:
        return self._connections.kube()

    def _find_dag(self, dag: str) -> Json:
        """The TitanDAG that a submission returned, or that somebody names."""
        return lookups.get_dag(self._kube, dag.name if isinstance(dag, Accepted) else dag)

    def _resolve(self, dag: str | None) -> str | None:
        return None if dag is None else str(self._find_dag(dag)["metadata"]["name"])

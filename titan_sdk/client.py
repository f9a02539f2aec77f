"""TitanClient: every call in one place, each a line or two; what they do is in the modules that they name.

Calls that the earlier Titan had answer as it did: text, with ``"CONNECTION_ERROR: ..."`` in an outage, where they
return text. All others, and the objects ``store``, ``files`` and ``dags``, raise the errors of ``titan_sdk.errors``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from titan_api.verdicts import APPROVE, REJECT
from titan_api.views import AgentRunView, DagView, GateView, JobView
from titan_sdk.accepted import Accepted
from titan_sdk.cluster import secret_values
from titan_sdk.connections import Connections
from titan_sdk.dags import Dags, View
from titan_sdk.dashboards import Way
from titan_sdk.data.artifacts import PathLike
from titan_sdk.data.logs import Follower, fetch_log, stream_lines
from titan_sdk.legacy.statuses import get_status
from titan_sdk.legacy.store_calls import StoreCalls
from titan_sdk.legacy.words import in_words
from titan_sdk.pipelines import deploying
from titan_sdk.runs import agent_runs, gates, lookups, steering
from titan_sdk.submit.jobs import TitanJob


class TitanClient(StoreCalls):
    """A connection to Titan. ``TitanClient()`` finds everything by itself and contacts nobody until it is used.

    namespace: default is TITAN_NAMESPACE, else the kubeconfig context's own, else "default".
    context: of the kubeconfig; default is the current one.
    connections: for tests, the edges to use instead of the network (see ``titan_sdk.testing``).
    """

    def __init__(
        self,
        namespace: str | None = None,
        context: str | None = None,
        *,
        connections: Connections | None = None,
    ) -> None:
        self._connections = connections or Connections(namespace, context)
        self.dags = Dags(self._connections)

    @property
    def namespace(self) -> str:
        """The namespace of every call."""
        return self._connections.namespace

    def whoami(self) -> str:
        """The name by which the cluster knows the caller."""
        return self._connections.identity().name

    def dashboard(self) -> Way:
        """The way to the store's page, and codes with which a browser signs in there as the caller.

        Raises TitanNotConfigured, and TitanForbidden for who may use no store.
        """
        return self._connections.dashboard()

    # ---------------------------------------------------------------- submitting

    def submit_dag(
        self,
        name: str,
        jobs: Sequence[TitanJob],
        agent_run_id: str | None = None,
        *,
        max_parallel: int | None = None,
        workspace: str | None = None,
        ttl: int | None = None,
    ) -> Accepted | str:
        """Submit linked jobs as one DAG: ``"DAG_ACCEPTED"`` with ``.name`` and ``.job_ids``, or CONNECTION_ERROR.

        ``max_parallel`` pods at once at most; ``workspace`` is "Sync" (the default), "None", or "Claim:NAME" for a
        PersistentVolumeClaim that all jobs share; ``ttl`` seconds after its end the DAG is removed.
        Raises ValueError naming the ids for a graph that cannot run; then nothing was created.
        """

        def submit() -> Accepted:
            return self.dags.submit(name, jobs, agent_run_id, max_parallel=max_parallel, workspace=workspace, ttl=ttl)

        return in_words(submit)

    def submit_job(self, job: TitanJob) -> Accepted | str:
        """Submit one job that stands alone; returns as ``submit_dag``."""
        return in_words(lambda: self.dags.submit_job(job))

    def submit_yaml(
        self,
        path: PathLike,
        agent_run_id: str | None = None,
        wait: bool = False,
        poll_interval: float = 2,
        timeout: float | None = 300,
    ) -> Accepted | str | bool:
        """Submit the pipeline of a YAML file as the DAG ``<project>-<unix time>``; its project is uploaded if needed.

        Returns as ``submit_dag``; with ``wait``, whether all of it completed within ``timeout`` seconds.
        Raises ValueError naming file, line and key, and FileNotFoundError.
        """
        if wait:
            return deploying.run_file(self.dags, path, agent_run_id, poll_interval, timeout)
        return in_words(lambda: deploying.submit_file(self.dags, path, agent_run_id))

    def render(self, name: str, jobs: Sequence[TitanJob]) -> str:
        """The DAG as one multi-document manifest for ``kubectl apply -f``; scripts beyond 4 KiB are uploaded."""
        return self.dags.render(name, jobs)

    def add_jobs(self, dag: str, jobs: Sequence[TitanJob]) -> DagView:
        """Add jobs to a DAG that has not ended, also from inside one of its jobs (whose TITAN_DAG names it).

        Their parents may be any jobs of the DAG. Raises ValueError, TitanNotFound, and TitanConflict if it has ended.
        """
        return self.dags.add_jobs(dag, jobs)

    # ---------------------------------------------------------------- looking and waiting

    def get_job_status(self, job_id: str) -> str:
        """PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, or "NULL"; for the newest job, or gate, of that id."""
        return in_words(lambda: get_status(self._connections.kube(), job_id))

    def get_dag(self, name: str) -> DagView:
        """A DAG with its jobs. Raises TitanNotFound."""
        return self.dags.get(name)

    def list_dags(self, agent_run_id: str | None = None, limit: int | None = None) -> list[DagView]:
        """DAGs without their jobs, newest first."""
        return list(self.dags.list(agent_run_id, limit))

    def get_job(self, job_id: str, dag: str | None = None) -> JobView:
        """The newest job of that id. Raises TitanNotFound."""
        return self.dags.get_job(job_id, dag)

    def list_jobs(self, dag: str | None = None) -> list[JobView]:
        """The jobs of a DAG, or of the namespace; oldest first."""
        return list(self.dags.list_jobs(dag))

    def list_standalone_jobs(self) -> list[JobView]:
        """The jobs that belong to no DAG, newest first."""
        return list(self.dags.list_standalone_jobs())

    def agent_run(self, run_id: str) -> AgentRunView:
        """An agent run: its DAGs in the order of their submission, with jobs and files. Raises TitanNotFound."""
        return agent_runs.get(self._connections.kube(), self._connections.store(), run_id)

    def list_agent_runs(self) -> list[AgentRunView]:
        """Agent runs without their jobs and files, the one that did something last at the front."""
        return agent_runs.list_runs(self._connections.kube())

    def why(self, job_id: str, dag: str | None = None) -> str:
        """Why a job is in the phase in which it is, in one sentence: what it waits for, or how it ended."""
        return self.dags.why(job_id, dag)

    def wait(
        self,
        target: str,
        timeout: float | None = None,
        poll: float | None = None,
        on_change: Callable[[DagView], None] | Callable[[JobView], None] | Callable[[View], None] | None = None,
    ) -> View:
        """Wait until a DAG or job has ended; see ``Dags.wait``. Raises TitanTimeout."""
        return self.dags.wait(target, timeout, poll, on_change)

    # ---------------------------------------------------------------- steering

    def cancel(self, target: str) -> View:
        """Cancel a DAG, or a job and with it its descendants."""
        return self.dags.cancel(target)

    def suspend(self, target: str) -> View:
        """Start no new pods of a DAG or a job; what runs goes on."""
        return self.dags.suspend(target)

    def resume(self, target: str) -> View:
        """Undo ``suspend``."""
        return self.dags.resume(target)

    def retry(self, dag: str) -> DagView:
        """Run again what failed or was cancelled; what succeeded stays. Raises TitanConflict if nothing did."""
        return self.dags.retry(dag)

    def resubmit(self, dag: str) -> Accepted:
        """Submit a DAG once more, as a new one that starts from the beginning; its jobs are asked for as they were.

        Raises TitanConflict if some of them are not there any more.
        """
        return self.dags.resubmit(dag)

    def stop_service(self, service_id: str) -> str:
        """Stop a service: ``"STOPPED: DAG-<id>"``, or ``"ERROR: ..."`` in one sentence."""
        return in_words(lambda: steering.stop_service(self._connections.kube(), service_id))

    def list_services(self, dag: str | None = None) -> list[JobView]:
        """The services that run in a DAG, or in the namespace; oldest first."""
        return lookups.list_services(self._connections.kube(), dag)

    def service_address(self, service_id: str, dag: str | None = None) -> str:
        """``host:port`` at which jobs reach a service.

        Raises TitanNotFound, and TitanConflict for what is no service or does not run (yet).
        """
        return lookups.get_address(self._connections.kube(), service_id, dag)

    # ---------------------------------------------------------------- logs

    def fetch_logs(self, job_id: str) -> str:
        """The whole log of the newest attempt of the newest job of that id; "" if there is none."""

        def fetch() -> str:
            job = lookups.find_job(self._connections.kube(), job_id)
            return "" if job is None else self._fetch(job["metadata"]["uid"])

        return in_words(fetch)

    def stream_logs(
        self, job_id: str, dag: str | None = None, follow: bool = True, timeout: float | None = None
    ) -> Iterator[str]:
        """The log line by line, without line ends; with ``follow`` until the job has ended.

        Raises TitanNotFound at once if there is no such job, later TitanTimeout or TitanUnavailable.
        """
        job = self.get_job(job_id, dag)
        follower = Follower(self._connections.kube(), self._connections.store(), job, follow=follow, timeout=timeout)
        return stream_lines(follower.chunks())

    # ---------------------------------------------------------------- gates and secrets

    def pending_approvals(self) -> list[GateView]:
        """The gates that wait for a person now, the oldest first."""
        return gates.list_pending(self._connections.kube())

    def get_gate(self, gate: str) -> GateView:
        """The newest gate of that id (its own, or its job's), also before it opens. Raises TitanNotFound."""
        return gates.get(self._connections.kube(), gate)

    def approve(self, gate: str, comment: str = "") -> GateView:
        """Say yes at a gate (its id, or its job's); returns once that is recorded.

        Raises TitanNotFound, TitanForbidden, and TitanConflict if the gate is already decided otherwise.
        """
        return self._decide(gate, APPROVE, comment)

    def reject(self, gate: str, comment: str = "") -> GateView:
        """Say no at a gate; as ``approve``."""
        return self._decide(gate, REJECT, comment)

    def set_secret(self, name: str, values: Mapping[str, str]) -> None:
        """Keep values that ``TitanJob(secrets=[name])`` gets as environment variables; replaces all older ones.

        Titan never gives them back. Raises TitanConflict for a Secret that Titan did not make.
        """
        secret_values.put(self._connections.kube(), name, values)

    def delete_secret(self, name: str) -> bool:
        """Remove a secret; whether it was there. Raises TitanConflict for a Secret that Titan did not make."""
        return secret_values.delete(self._connections.kube(), name)

    def list_secrets(self) -> list[str]:
        """The names of the secrets that ``set_secret`` made, sorted."""
        return secret_values.list_names(self._connections.kube())

    def _fetch(self, uid: str) -> str:
        return fetch_log(self._connections.store(), uid).decode(errors="replace")

    def _decide(self, gate: str, verdict: str, comment: str) -> GateView:
        return gates.decide(self._connections.kube(), self._connections.identity(), gate, verdict, comment)

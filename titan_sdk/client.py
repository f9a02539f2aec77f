"""TitanClient: the calls of ``titan_sdk.calls``, which raise, and those that answer in the earlier Titan's words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from titan_api import names
from titan_sdk.accepted import Accepted
from titan_sdk.connections import Connections
from titan_sdk.dags import Dags
from titan_sdk.data.artifacts import PathLike
from titan_sdk.data.logs import fetch_log
from titan_sdk.errors import TitanError
from titan_sdk.legacy.statuses import get_status
from titan_sdk.legacy.store_calls import StoreCalls
from titan_sdk.legacy.words import in_words, log
from titan_sdk.runs.lookups import find_job
from titan_sdk.submit import submissions
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.settings import DagSettings


class TitanClient(StoreCalls):
    """A connection to Titan. ``TitanClient()`` finds everything by itself and contacts nobody until it is used.

    Calls that the earlier Titan had answer as it did: text, with ``"CONNECTION_ERROR: ..."`` in an outage, where they
    return text. All others, and the objects ``store``, ``files`` and ``dags``, raise the errors of
    ``titan_sdk.errors``.

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
        super().__init__(connections or Connections(namespace, context))
        self.dags = Dags(self._connections)

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
        Raises ValueError naming the ids for a graph that cannot run, and FileNotFoundError naming a script that is
        neither here nor deployed; then nothing was created.
        """
        settings = DagSettings(agent_run_id, max_parallel, workspace, ttl)
        return in_words(partial(submissions.submit_dag, self._connections, name, jobs, settings))

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
            return self._run_yaml(path, agent_run_id, poll_interval, timeout)
        return in_words(lambda: self.dags.submit_yaml(path, agent_run_id))

    def get_job_status(self, job_id: str) -> str:
        """PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, or "NULL"; for the newest job, or gate, of that id."""
        return in_words(lambda: get_status(self._kube, job_id))

    def fetch_logs(self, job_id: str) -> str:
        """The whole log of the newest attempt of the newest job of that id; "" if there is none."""

        def fetch() -> str:
            job = find_job(self._kube, job_id)
            log_of_job = b"" if job is None else fetch_log(self._connections.store(), job["metadata"]["uid"])
            return log_of_job.decode(errors="replace")

        return in_words(fetch)

    def stop_service(self, service_id: str) -> str:
        """Stop a service: ``"STOPPED: DAG-<id>"``, or ``"ERROR: ..."`` in one sentence."""

        def stop() -> str:
            job = self.dags.stop_service(service_id)
            return f"STOPPED: {names.LEGACY_ID_PREFIX}{names.plain_job_id(job.job_id)}"

        return in_words(stop, refusals=(TitanError,))

    def _run_yaml(self, path: PathLike, agent_run_id: str | None, poll: float, timeout: float | None) -> bool:
        """Whether all of the pipeline completed in time. Why not is in the log."""
        try:
            view = self.wait(self.dags.submit_yaml(path, agent_run_id), timeout, poll)
        except TitanError as error:
            log.warning("%s did not complete: %s", path, error)
            return False
        if view.succeeded or view.phase == "Running":
            # Running is what waiting returns when only services are left.
            return True
        log.warning("%s did not complete: %s is %s %s", path, view.name, view.phase, view.message)
        return False

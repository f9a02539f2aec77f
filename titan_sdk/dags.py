"""DAGs and jobs in the cluster: submit, look, wait, cancel (``client.dags``). All calls raise TitanError."""

from collections.abc import Callable, Sequence

from titan_sdk import lookups, submissions, waiting
from titan_sdk.api import names
from titan_sdk.connections import Connections
from titan_sdk.errors import TitanNotFound, TitanUnavailable
from titan_sdk.files import Files
from titan_sdk.jobs import TitanJob
from titan_sdk.manifests import Stamp
from titan_sdk.payloads import publish_sources
from titan_sdk.submissions import ACCEPTED, Accepted
from titan_sdk.views import DagView, JobView, view_dag, view_job

View = DagView | JobView


class Dags:
    """The DAGs and jobs of one namespace."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def submit(self, name: str, jobs: Sequence[TitanJob], agent_run_id: str | None = None) -> Accepted:
        """Submit linked jobs as one DAG. Raises ValueError before anything is sent, then TitanError."""
        jobs = list(jobs)
        parents = submissions.check_submission(name, jobs, agent_run_id)
        kube, stamp = self._connections.kube(), self._stamp()
        sources = publish_sources(jobs, self._files)
        return submissions.submit_dag(kube, name, jobs, sources, parents, agent_run_id, stamp)

    def submit_job(self, job: TitanJob) -> Accepted:
        """Submit one job that stands alone. Raises ValueError before anything is sent, then TitanError."""
        submissions.check_standalone(job)
        kube, stamp = self._connections.kube(), self._stamp()
        return submissions.submit_job(kube, job, publish_sources([job], self._files)[0], stamp)

    def get(self, name: str) -> DagView:
        """A DAG with its jobs, by the name of its TitanDAG or the newest of the name that a user gave."""
        kube = self._connections.kube()
        raw = lookups.get_dag(kube, name)
        return view_dag(raw, tuple(map(view_job, lookups.list_jobs(kube, raw["metadata"]["name"]))))

    def list(self, agent_run_id: str | None = None, limit: int | None = None) -> Sequence[DagView]:
        """DAGs without their jobs, newest first."""
        labels = f"{names.LABEL_AGENT_RUN}={names.label_value(agent_run_id)}" if agent_run_id is not None else ""
        dags = self._connections.kube().list(names.PLURAL_DAGS, labels=labels).items
        chosen = [raw for raw in dags if agent_run_id is None or raw["spec"].get("agentRunID") == agent_run_id]
        return [view_dag(raw) for raw in sorted(chosen, key=lookups.age_key, reverse=True)[:limit]]

    def get_job(self, job_id: str, dag: str | None = None) -> JobView:
        """The newest job of that id, or the TitanJob of that name; ``dag`` (any of its names) narrows the search."""
        kube = self._connections.kube()
        return view_job(lookups.get_job(kube, job_id, self._resolve(dag)))

    def list_jobs(self, dag: str | None = None) -> Sequence[JobView]:
        """The jobs of a DAG, or all of the namespace; oldest first."""
        return [view_job(raw) for raw in lookups.list_jobs(self._connections.kube(), self._resolve(dag))]

    def wait(
        self,
        target: str,
        timeout: float | None = None,
        poll: float | None = None,
        on_change: Callable[[DagView], None] | Callable[[JobView], None] | Callable[[View], None] | None = None,
    ) -> View:
        """Wait until what was submitted has ended, and return it.

        ``target``: what a submission returned, a DAG's name, or a job's id. ``poll``: look every so many seconds
        instead of watching. ``on_change`` is called in this thread with each new view. Raises TitanTimeout.
        """
        kube = self._connections.kube()
        is_dag, name = self._find(target)
        waits: Callable[..., View] = waiting.wait_for_dag if is_dag else waiting.wait_for_job
        return waits(kube, name, timeout, poll, on_change)

    def cancel(self, target: str) -> View:
        """Cancel a DAG, or a job and with it its descendants; returns at once with what it was then."""
        kube = self._connections.kube()
        is_dag, name = self._find(target)
        body = {"spec": {"cancel": True}}
        if is_dag:
            return view_dag(kube.patch(names.PLURAL_DAGS, name, body))
        return view_job(kube.patch(names.PLURAL_JOBS, name, body))

    def _find(self, target: str) -> tuple[bool, str]:
        """Whether it is a DAG, and the object's name."""
        if isinstance(target, Accepted):
            return target.is_dag, target.name
        if target.startswith("CONNECTION_ERROR") or target == ACCEPTED:
            raise TitanUnavailable(f"nothing was submitted: {target}")
        kube = self._connections.kube()
        dag = lookups.find_dag(kube, target)
        if dag is not None:
            return True, dag["metadata"]["name"]
        job = lookups.find_job(kube, target)
        if job is not None:
            return False, job["metadata"]["name"]
        raise TitanNotFound(f"there is no DAG and no job {target!r} in namespace {kube.namespace!r}")

    def _resolve(self, dag: str | None) -> str | None:
        if dag is None:
            return None
        name: str = lookups.get_dag(self._connections.kube(), dag)["metadata"]["name"]
        return name

    def _stamp(self) -> Stamp:
        return submissions.new_stamp(self._connections.identity().name)

    def _files(self) -> Files:
        return Files(self._connections.store())

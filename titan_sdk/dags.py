"""``client.dags``: the client whose calls all raise, for programs that do not expect the words of the earlier Titan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from titan_api.views import JobView
from titan_sdk.accepted import Accepted
from titan_sdk.calls import Calls
from titan_sdk.data.artifacts import PathLike, upload_archive
from titan_sdk.pipelines import deploying
from titan_sdk.runs import steering
from titan_sdk.submit import submissions
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.settings import DagSettings


class Dags(Calls):
    """The DAGs and jobs of one namespace. All calls raise TitanError."""

    def submit(
        self,
        name: str,
        jobs: Sequence[TitanJob],
        agent_run_id: str | None = None,
        *,
        max_parallel: int | None = None,
        workspace: str | None = None,
        ttl: int | None = None,
        uploaded: Mapping[str, str] | None = None,
    ) -> Accepted:
        """Submit linked jobs as one DAG.

        Raises ValueError, and FileNotFoundError naming a script that is neither here nor deployed, before anything is
        created; then TitanError.

        ``uploaded``: digests of archives by name, where they are known; others are looked up in the store.
        """
        settings = DagSettings(agent_run_id, max_parallel, workspace, ttl)
        return submissions.submit_dag(self._connections, name, jobs, settings, uploaded)

    def submit_job(self, job: TitanJob) -> Accepted:
        """Submit one job that stands alone. Raises ValueError before anything is created, then TitanError."""
        return submissions.submit_job(self._connections, job)

    def submit_yaml(self, path: PathLike, agent_run_id: str | None = None) -> Accepted:
        """Submit the pipeline of a YAML file as the DAG ``<project>-<unix time>``; its project is uploaded if needed.

        Raises ValueError naming file, line and key, and FileNotFoundError, then TitanError.
        """
        return deploying.submit_file(self._connections, path, agent_run_id)

    def render_yaml(self, path: PathLike, agent_run_id: str | None = None) -> str:
        """The pipeline of a YAML file as a manifest for kubectl; its project is uploaded, for kubectl cannot."""
        return deploying.render_file(self._connections, path, agent_run_id)

    def upload_archive(self, archive: Path, name: str) -> str:
        """Upload a project's zip: pods fetch it by its digest, which is returned; people find it by its name."""
        return upload_archive(self.files, archive, name)

    def stop_service(self, service_id: str) -> JobView:
        """Stop a service; returns at once. Raises TitanNotFound, and TitanConflict for what does not serve."""
        return steering.stop_service(self._connections.kube(), service_id)

    get = Calls.get_dag
    """``get_dag``, under a shorter name."""
    list = Calls.list_dags
    """``list_dags``, under a shorter name."""

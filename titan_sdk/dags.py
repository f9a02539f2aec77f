"""DAGs and jobs in the cluster: submit, look, wait, steer (``client.dags``). All calls raise TitanError."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Union

from titan_api import names, reasons
from titan_api.views import DagView, JobView, view_dag, view_job
from titan_sdk.accepted import Accepted
from titan_sdk.cluster.kube import Kube
from titan_sdk.connections import Connections
from titan_sdk.data.files import Files
from titan_sdk.runs import inquiries, lookups, steering, waiting
from titan_sdk.runs.targets import find_target
from titan_sdk.submit import additions, rendering, resubmissions, submissions
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.manifests import Stamp
from titan_sdk.submit.parents import locate_parents
from titan_sdk.submit.payloads import publish_sources
from titan_sdk.submit.settings import make_settings

Json = dict[str, Any]
View = Union[DagView, JobView]


class Dags:
    """The DAGs and jobs of one namespace."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # ---------------------------------------------------------------- submitting

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
        """Submit linked jobs as one DAG. Raises ValueError before anything is created, then TitanError.

        ``uploaded``: digests of archives by name, where they are known; others are looked up in the store.
        """
        jobs = list(jobs)
        settings = make_settings(agent_run_id, max_parallel=max_parallel, workspace=workspace, ttl=ttl)
        named = submissions.check_submission(name, jobs)
        kube, stamp = self._kube(), self._stamp()
        parents = locate_parents(jobs, named, lambda job_id: lookups.find_job(kube, job_id))
        sources = publish_sources(jobs, self._files, uploaded)
        return submissions.submit_dag(kube, name, jobs, sources, parents, settings, stamp)

    def submit_job(self, job: TitanJob) -> Accepted:
        """Submit one job that stands alone. Raises ValueError before anything is created, then TitanError."""
        submissions.check_standalone(job)
        kube, stamp = self._kube(), self._stamp()
        # Its own id is no parent, and every other one belongs to an earlier submission.
        named = [tuple(map(names.plain_job_id, job.parents))]
        parents = locate_parents([job], named, lambda job_id: lookups.find_job(kube, job_id))
        return submissions.submit_job(kube, job, publish_sources([job], self._files)[0], parents[0], stamp)

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
        """The DAG as one multi-document manifest for kubectl; arguments as those of ``submit``.

        Needs no cluster, unless a job has a gate, a script of more than 4 KiB, an archive, or a parent elsewhere.
        """
        jobs = list(jobs)
        settings = make_settings(agent_run_id, max_parallel=max_parallel, workspace=workspace, ttl=ttl)
        named = submissions.check_submission(name, jobs)
        parents = locate_parents(jobs, named, lambda job_id: lookups.find_job(self._kube(), job_id))
        stamp = self._stamp() if any(job.hitl_message is not None for job in jobs) else None
        sources = publish_sources(jobs, self._files, uploaded)
        return rendering.render_dag(name, jobs, sources, parents, settings, stamp)

    def add_jobs(self, dag: str, jobs: Sequence[TitanJob]) -> DagView:
        """Add jobs to a DAG that has not ended. Raises ValueError before anything is changed, then TitanError.

        Jobs that it has already, just as they are given, are left alone: whoever adds may do so twice.
        """
        jobs = list(jobs)
        kube = self._kube()
        raw = self._get(dag)
        addition = additions.check_addition(kube, raw, jobs)
        sources = publish_sources(jobs, self._files)
        return view_dag(additions.add(kube, addition, sources, self._stamp()))

    def upload_archive(self, archive: Path, name: str) -> str:
        """Upload a project's zip: pods fetch it by its digest, which is returned; people find it by its name."""
        files = self._files()
        digest = files.upload_blob(archive)
        files.upload(archive, name)
        return digest

    # ---------------------------------------------------------------- looking

    def get(self, name: str) -> DagView:
        """A DAG with its jobs, by the name of its TitanDAG or the newest of the name that a user gave."""
        kube = self._kube()
        raw = self._get(name)
        return view_dag(raw, tuple(map(view_job, lookups.list_jobs(kube, raw["metadata"]["name"]))))

    def list(self, agent_run_id: str | None = None, limit: int | None = None) -> Sequence[DagView]:
        """DAGs without their jobs, newest first."""
        labels = f"{names.LABEL_AGENT_RUN}={names.label_value(agent_run_id)}" if agent_run_id is not None else ""
        dags = self._kube().list(names.PLURAL_DAGS, labels=labels).items
        chosen = [raw for raw in dags if agent_run_id is None or raw["spec"].get("agentRunID") == agent_run_id]
        return [view_dag(raw) for raw in sorted(chosen, key=lookups.age_key, reverse=True)[:limit]]

    def get_job(self, job_id: str, dag: str | None = None) -> JobView:
        """The newest job of that id, or the TitanJob of that name; ``dag`` (any of its names) narrows the search."""
        return view_job(lookups.get_job(self._kube(), job_id, self._resolve(dag)))

    def list_jobs(self, dag: str | None = None) -> Sequence[JobView]:
        """The jobs of a DAG, or all of the namespace; oldest first."""
        return [view_job(raw) for raw in lookups.list_jobs(self._kube(), self._resolve(dag))]

    def list_standalone_jobs(self) -> Sequence[JobView]:
        """The jobs that belong to no DAG, newest first; asks for these alone."""
        return [view_job(raw) for raw in lookups.list_standalone_jobs(self._kube())]

    def why(self, job_id: str, dag: str | None = None) -> str:
        """Why a job is in its phase, in one sentence. Raises TitanNotFound."""
        kube = self._kube()
        return reasons.explain(inquiries.inquire(kube, lookups.get_job(kube, job_id, self._resolve(dag))))

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
        kube = self._kube()
        found = find_target(kube, target)
        waits: Callable[..., View] = waiting.wait_for_dag if found.is_dag else waiting.wait_for_job
        return waits(kube, found.name, timeout, poll, on_change)

    # ---------------------------------------------------------------- steering

    def cancel(self, target: str) -> View:
        """Cancel a DAG, or a job and with it its descendants; returns at once with what it was then."""
        return steering.set_field(self._kube(), target, "cancel", True)

    def suspend(self, target: str) -> View:
        """Start no new pods of a DAG or a job."""
        return steering.set_field(self._kube(), target, "suspend", True)

    def resume(self, target: str) -> View:
        """Undo ``suspend``."""
        return steering.set_field(self._kube(), target, "suspend", False)

    def retry(self, dag: str) -> DagView:
        """Run again what failed or was cancelled. Raises TitanConflict if nothing did."""
        return steering.retry(self._kube(), dag)

    def resubmit(self, dag: str) -> Accepted:
        """Submit the DAG once more, as a new one. Raises TitanConflict if jobs of it are not there any more."""
        return resubmissions.resubmit(self._kube(), self._get(dag), self._stamp())

    def _resolve(self, dag: str | None) -> str | None:
        return None if dag is None else str(self._get(dag)["metadata"]["name"])

    def _get(self, dag: str) -> Json:
        """The TitanDAG that a submission returned, or that somebody names."""
        return lookups.get_dag(self._kube(), dag.name if isinstance(dag, Accepted) else dag)

    def _kube(self) -> Kube:
        return self._connections.kube()

    def _stamp(self) -> Stamp:
        return submissions.new_stamp(self._connections.identity().name)

    def _files(self) -> Files:
        return Files(self._connections.store())

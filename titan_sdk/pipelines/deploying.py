"""Submitting what a YAML file describes, its project folder included."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from titan_sdk.accepted import Accepted
from titan_sdk.connections import Connections
from titan_sdk.data.artifacts import PathLike, upload_folder
from titan_sdk.data.files import Files
from titan_sdk.submit.rendering import render_dag
from titan_sdk.submit.settings import DagSettings
from titan_sdk.submit.submissions import submit_dag

if TYPE_CHECKING:
    from titan_sdk.pipelines.parser import TitanYAMLParser


def submit_file(connections: Connections, path: PathLike, agent_run_id: str | None = None) -> Accepted:
    """Submit a pipeline as ``<project>-<unix time>``. Raises ValueError and FileNotFoundError, then TitanError."""
    parser = _parse(path)
    jobs, settings = parser.build_jobs(), DagSettings(agent_run_id, **parser.dag_options())
    name = f"{parser.get_project_name()}-{int(time.time())}"
    return submit_dag(connections, name, jobs, settings, _upload(connections, parser))


def render_file(connections: Connections, path: PathLike, agent_run_id: str | None = None) -> str:
    """A pipeline as a manifest for kubectl; its project is uploaded, for kubectl cannot."""
    parser = _parse(path)
    jobs, settings = parser.build_jobs(), DagSettings(agent_run_id, **parser.dag_options())
    return render_dag(connections, parser.get_project_name(), jobs, settings, _upload(connections, parser))


def _parse(path: PathLike) -> TitanYAMLParser:
    from titan_sdk.pipelines.parser import TitanYAMLParser

    return TitanYAMLParser(path)


def _upload(connections: Connections, parser: TitanYAMLParser) -> dict[str, str]:
    """The digest of the project's zip by its name. Jobs run what the folder holds now, whoever uploads next."""
    if not parser.is_project_mode():
        return {}
    name = parser.archive_name()
    return {name: upload_folder(Files(connections.store()), parser.folder, name)}

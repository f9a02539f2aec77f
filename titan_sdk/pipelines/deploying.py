"""Submitting what a YAML file describes, its project folder included."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from titan_sdk.data.artifacts import PathLike
from titan_sdk.data.projects import zip_folder
from titan_sdk.errors import TitanError
from titan_sdk.legacy.words import log

if TYPE_CHECKING:
    from titan_sdk.accepted import Accepted
    from titan_sdk.dags import Dags
    from titan_sdk.pipelines.parser import TitanYAMLParser


def submit_file(dags: Dags, path: PathLike, agent_run_id: str | None = None) -> Accepted:
    """Submit a pipeline as ``<project>-<unix time>``. Raises ValueError and FileNotFoundError, then TitanError."""
    parser = _parse(path)
    jobs, options = parser.build_jobs(), parser.dag_options()
    name = f"{parser.get_project_name()}-{int(time.time())}"
    return dags.submit(name, jobs, agent_run_id, **options, uploaded=_upload(dags, parser))


def run_file(dags: Dags, path: PathLike, agent_run_id: str | None, poll_seconds: float, timeout: float | None) -> bool:
    """Submit a pipeline and wait for it: whether all of it completed in time. Why not is in the log."""
    try:
        accepted = submit_file(dags, path, agent_run_id)
        view = dags.wait(accepted, timeout, poll_seconds)
    except TitanError as error:
        log.warning("%s did not complete: %s", path, error)
        return False
    if view.succeeded or view.phase == "Running":
        # Running is what waiting returns when only services are left.
        return True
    log.warning("%s did not complete: %s is %s %s", path, view.name, view.phase, view.message)
    return False


def render_file(dags: Dags, path: PathLike, agent_run_id: str | None = None) -> str:
    """A pipeline as a manifest for kubectl; its project is uploaded, for kubectl cannot."""
    parser = _parse(path)
    jobs, options = parser.build_jobs(), parser.dag_options()
    return dags.render(parser.get_project_name(), jobs, agent_run_id, **options, uploaded=_upload(dags, parser))


def _parse(path: PathLike) -> TitanYAMLParser:
    from titan_sdk.pipelines.parser import TitanYAMLParser

    return TitanYAMLParser(path)


def _upload(dags: Dags, parser: TitanYAMLParser) -> dict[str, str]:
    """The digest of the project's zip by its name. Jobs run what the folder holds now, whoever uploads next."""
    if not parser.is_project_mode():
        return {}
    with tempfile.TemporaryDirectory(prefix="titan-") as directory:
        archive = Path(directory) / "project.zip"
        zip_folder(parser.folder, archive)
        return {parser.archive_name(): dags.upload_archive(archive, parser.archive_name())}

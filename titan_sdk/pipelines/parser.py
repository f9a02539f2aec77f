"""Pipelines in YAML.

::

    name: nightly                  # default: the name of the folder
    project: true                  # the default: the file's folder is zipped, and jobs run inside it
    jobs:
      - id: extract
        file: extract.py           # in the folder
        args: --day today
      - id: train
        file: ml/train.py
        depends_on: [extract]
        requirement: GPU
        priority: 5
        delay: 2                   # seconds
        hitl_message: Publish?
      - id: api
        file: serve.py
        type: service
        port: 8080
        depends_on: [train]

Further keys of a job are those of ``titan_api.job_fields``; further keys of the file: version, description,
max_parallel, workspace, ttl. Errors are ValueError naming file, line and key, and FileNotFoundError.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from titan_api.job_fields import FIELDS, Shape
from titan_sdk.pipelines.yaml_documents import Mappings, read_mapping
from titan_sdk.submit.jobs import TitanJob
from titan_sdk.submit.settings import DagSettings

ROOT_KEYS = ("name", "version", "description", "project", "jobs", "max_parallel", "workspace", "ttl")
JOB_KEYS = tuple(field.key for field in FIELDS.values() if field.key is not None)
TYPES = {"run": "RUN_PAYLOAD", "service": "SERVICE"}


class TitanYAMLParser:
    """One YAML file. Reading it checks the file as a whole; ``build_jobs`` checks each job."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._root = read_mapping(self.path, "the pipeline")
        self._root.check_keys(ROOT_KEYS)

    @property
    def folder(self) -> Path:
        """Where the file lies; with ``project`` this is what is uploaded."""
        return self.path.resolve().parent

    def get_project_name(self) -> str:
        """The name of the pipeline."""
        return self._root.text("name") or self.folder.name or "project"

    def is_project_mode(self) -> bool:
        """Whether the whole folder goes along, and not only the scripts themselves."""
        return self._root.flag("project", default=True)

    def archive_name(self) -> str:
        """Name of the project's zip among the files."""
        return f"{self.get_project_name().replace('/', '-').replace(os.sep, '-')}.zip"

    def dag_options(self) -> dict[str, Any]:
        """max_parallel, workspace and ttl, as ``submit_dag`` takes them."""
        options: dict[str, Any] = {
            "max_parallel": self._root.integer("max_parallel"),
            "workspace": self._root.text("workspace"),
            "ttl": self._root.integer("ttl"),
        }
        try:
            DagSettings(**options)
        except ValueError as error:
            raise self._root.refuse(str(error)) from error
        return options

    def build_jobs(self) -> list[TitanJob]:
        """The jobs. Raises ValueError and FileNotFoundError."""
        described = self._root.mappings("jobs", "job")
        if not described:
            raise self._root.refuse("a pipeline needs at least one job", "jobs")
        return [self._build_job(job) for job in described]

    def _build_job(self, job: Mappings) -> TitanJob:
        job_id = job.text("id")
        if not job_id:
            raise ValueError("Job missing ID")
        job = job.renamed(f"job {job_id!r}")
        job.check_keys(JOB_KEYS)
        file, kind = job.text("file"), self._type_of(job)
        if not file:
            raise ValueError(f"Job '{job_id}' missing file")
        if kind == TYPES["service"] and not job.integer("port"):
            raise ValueError(f"Service '{job_id}' missing port")
        source, arguments = self._locate(job, file), _arguments(job)
        try:
            return TitanJob(job_id, source, kind, is_archive=self.is_project_mode(), **arguments)
        except FileNotFoundError:
            raise
        except ValueError as error:
            raise job.refuse(str(error), _culprit(job, str(error))) from error

    def _type_of(self, job: Mappings) -> str:
        kind = (job.text("type") or "run").lower()
        if kind not in TYPES:
            raise job.refuse(f"must be run or service, not {kind!r}", "type")
        return TYPES[kind]

    def _locate(self, job: Mappings, file: str) -> str:
        """The script as TitanJob takes it: a path, or an entry of the project's zip."""
        path = self.folder / file
        inside = os.path.normpath(path)
        if self.is_project_mode() and not Path(inside).is_relative_to(self.folder):
            raise job.refuse(f"{file!r} is not inside the project folder {self.folder}", "file")
        if not path.is_file():
            raise FileNotFoundError(f"{job.refuse(f'there is no file {path}', 'file')}")
        if self.is_project_mode():
            return f"{self.archive_name()}/{Path(inside).relative_to(self.folder).as_posix()}"
        return str(path)


def _arguments(job: Mappings) -> dict[str, Any]:
    """What TitanJob takes beside id, file and type; absent keys keep its defaults."""
    keyed = [field for field in FIELDS.values() if field.key is not None and field.name not in LOCATED]
    given = {field.name: READERS.get(field.name, BY_SHAPE[field.shape])(job, str(field.key)) for field in keyed}
    return {name: value for name, value in given.items() if value is not None}


def _milliseconds(job: Mappings, key: str) -> int | None:
    seconds = job.number(key)
    return None if seconds is None else round(seconds * 1000)


LOCATED = ("job_id", "filename", "job_type")
"""Read before the others, because errors name the job and the folder is needed."""
READERS: Mapping[str, Callable[[Mappings, str], Any]] = {"delay": _milliseconds}
BY_SHAPE: Mapping[Shape, Callable[[Mappings, str], Any]] = {
    Shape.TEXT: Mappings.text,
    Shape.INTEGER: Mappings.integer,
    Shape.FLAG: lambda job, key: job.flag(key, default=False),
    Shape.TEXTS: Mappings.texts,
    Shape.ARGUMENTS: lambda job, key: job.texts(key) if job.is_list(key) else job.text(key),
    Shape.PAIRS: Mappings.mapping,
}


def _culprit(job: Mappings, message: str) -> str | None:
    """The key that an error of TitanJob speaks of: its messages begin with the argument's name, or one of its items."""
    for word in message.replace(":", " ").split():
        key = KEYS_BY_WORD.get(word)
        if key in job.keys:
            return key
    return None


KEYS_BY_WORD = {
    word: field.key
    for field in FIELDS.values()
    for word in (field.name, field.key, field.name[:-1] if field.shape is Shape.TEXTS else field.name)
}

"""What the jobs of a DAG have left in their workspaces."""

import asyncio

from aiohttp import web

from titan_store import pages
from titan_store.api import keys
from titan_store.api.documents import ManifestEntry
from titan_store.api.http.operations import BASE, JSON, Answer, Call, Content, Declaration, as_json
from titan_store.api.objects import NO_DAG, NO_JOB
from titan_store.api.views.dags import find_dag
from titan_store.api.views.documents import Page
from titan_store.api.views.queries import PageQuery, Text
from titan_store.api.workspaces import RESOURCE
from titan_store.auth.gate import Need
from titan_store.errors import NotFound
from titan_store.keeping.folds import Contribution, FileVersion, fold
from titan_store.views.cached.records import JobRecord

Files = dict[str, tuple[FileVersion, str]]


class LeftFilesQuery(PageQuery):
    """Which files."""

    search: Text = ""
    """Part of the path, in any case."""
    job: Text | None = None
    """Name of a TitanJob: only the files that it left."""


class DagFile(ManifestEntry):
    """A file that a job has left; its content is a blob."""

    path: str
    job_id: str
    """Of the job that left it."""


class DagFilePage(Page):
    """A page of files, by path."""

    items: list[DagFile]


@Declaration(
    f"GET {BASE}/dags/{{name}}/files",
    "List the files that the jobs of a DAG, or one of them, have left in their workspaces.",
    {200: Answer("A page.", Content(JSON, DagFilePage))},
    need=Need(RESOURCE, "list", is_for_people=True),
    refusals=(NO_DAG, NO_JOB),
)
async def list_files_of_dag(call: Call[LeftFilesQuery]) -> web.Response:
    """The newest version of each path, computed anew: only manifests of successes are ever looked at."""
    cache, dag = await find_dag(call)
    query = call.query
    jobs = [job for job in cache.jobs_of(dag.namespace, dag.name) if job.attempt and query.job in (None, job.name)]
    if query.job is not None and cache.job(dag.namespace, query.job) is None:
        raise NotFound("JobNotFound", f"There is no job {query.job} in namespace {dag.namespace}.")
    attempts = [(job.uid, job.attempt) for job in jobs]
    contributions = await call.app[keys.WORKSPACES].changes(call.namespace, attempts)
    page = await asyncio.to_thread(_choose, contributions, query, {job.uid: job for job in jobs})
    return as_json(page)


def _choose(contributions: list[Contribution], query: LeftFilesQuery, jobs: dict[str, JobRecord]) -> DagFilePage:
    files, wanted = fold(contributions, []).files, query.search.casefold()
    paths = sorted(path for path in files if wanted in path.casefold())
    after = pages.decode(query.after)
    shown, following = pages.cut([path for path in paths if path > after], query.page_size, str)
    items = [_to_item(path, files, jobs) for path in shown]
    return DagFilePage(items=items, total=len(paths), following=following)


def _to_item(path: str, files: Files, jobs: dict[str, JobRecord]) -> DagFile:
    version, job = files[path]
    return DagFile(path=path, digest=version.digest, mode=version.mode, size=version.size, job_id=jobs[job].job_id)


OPERATIONS = (list_files_of_dag,)
